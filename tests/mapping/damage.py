"""Every kind of damage that an answer can take, done to every question of several responses.

A damaged response is either refused, naming the question, or its level is never below the floor: the least level that
an admissible answer to that question gives. `cases()` lists them all; how a body is sent is not known here.
"""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from service.knowledge.condition import Compares, Condition, findings_in, walk
from service.knowledge.form import Item
from service.mapping.canonical import ALONE, NONE_OF_THESE, NOT_SURE, QUESTIONNAIRE
from tests.mapping.form_oracle import shown
from tests.mapping.reading import assessed, facts_of, rank
from tests.mapping.responses import (
    BOOK,
    FORM,
    GENERATED,
    ITEMS,
    Json,
    answer_of,
    filled,
    is_answered,
    item_in,
    only_shown,
    quantity,
    saying,
    with_answers,
)

Bodies = Iterator[Json]

BASES: Mapping[str, Json] = {
    "an adult who says no to everything": filled(),
    "a mild strain that began three days ago": filled(
        list_injury_load=["strain-event"], list_character_1=["mechanical"]
    ),
    "fever, measured": filled(list_general=["fever"], temperature=("38.5", "Cel")),
    "a woman pregnant for twelve weeks": filled(sex="female", age=30, pregnant=True),
    "a woman in late pregnancy with pain of 8": filled(
        sex="female", age=30, pregnant=True, gestation_weeks=(30, "wk"), severity_now=8
    ),
    "a child of eight": filled(age=8, answered_by="parent"),
    "an elder on a blood thinner, dizzy on standing": filled(
        age=80, list_history_1=["hx-anticoagulant"], list_heart_lungs=["dizziness"], dizziness_standing=True
    ),
    "a fall two weeks ago": filled(trauma_minor=True, trauma_days=(2, "wk")),
    "pain on deep breaths, tender, moving eases it": filled(
        list_character_1=["mechanical", "tender-to-touch"], list_character_2=["worse-deep-breath"]
    ),
    "numb between the legs": filled(saddle_numb="yes"),
    "short of breath for years": filled(dyspnoea="yes", dyspnoea_longstanding=True),
    "blood coughed up": filled(list_danger_1=["haemoptysis"], haemoptysis_more=False),
    "cannot pass urine": filled(urinary_retention="not-sure", hydrated=True),
    "a mother two months after birth": filled(
        sex="female", age=30, list_pregnancy_1=["postpartum"], postpartum_weeks=(9, "wk")
    ),
    "pain on effort, a headache and a rash": filled(
        list_character_2=["exertional"], list_nerves_1=["headache"], list_skin_shape=["rash"]
    ),
    "pain in the low back alone": filled(upper_back_pain=False, other_site_only=True),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One damaged body. ``named`` is the linkId that a refusal must name; empty where it must name the Questionnaire.

    ``admissible`` are the undamaged responses whose least level is the floor.
    """

    base: str
    damage: str
    link_id: str
    body: Json
    named: str
    admissible: tuple[Json, ...]


def cases(base: str) -> Iterator[Case]:
    """List the damages to every question of one base.

    What can be read differs from base to base and is done in all of them; what can only be refused is done where the
    question is first shown. A question that the form does not show can only be answered all the same.
    """
    content = BASES[base]
    visible = shown_in(base)
    for item in ITEMS.values():
        link_id = item.link_id
        if link_id not in visible:
            for body in _each_answer(content, item):
                yield Case(base, "disabled", link_id, body, link_id, (content,))
            continue
        allowed = admissible(base, link_id)
        whole = content if is_answered(content, link_id) else allowed[0]
        first = next(one for one in BASES if link_id in shown_in(one))
        for damage, do in (DAMAGES if base == first else READ_ALL_THE_SAME).items():
            for body in do(whole, item):
                yield Case(base, damage, link_id, body, "" if damage == "wrong version" else link_id, allowed)
        for body in _disabled(whole, item):
            yield Case(base, "disabled", link_id, body, link_id, (with_answers(body, link_id, None),))


@cache
def shown_in(base: str) -> frozenset[str]:
    """Name the questions that the form shows with the answers of a base."""
    return shown(GENERATED, BASES[base])


@cache
def admissible(base: str, link_id: str) -> tuple[Json, ...]:
    """List the base with admissible answers to one question: its options, and numbers on both sides of thresholds.

    Of a checklist stand nothing, everything, what reassures, and not sure: the floor may only be too high by this.
    Of a text stands that there is none: whoever has nothing to add has answered.
    """
    unsaid = [with_answers(BASES[base], link_id, None)] if ITEMS[link_id].kind == "text" else []
    return (*_each_answer(BASES[base], ITEMS[link_id]), *unsaid)


def floor(case: Case, policy: str) -> int:
    """Return the least rank that an admissible answer gives under a policy."""
    if len(case.admissible) > 1:
        return _least(case.base, case.link_id, policy)
    return rank(facts_of(case.admissible[0]), policy)


@cache
def _least(base: str, link_id: str, policy: str) -> int:
    return min(rank(facts_of(body), policy) for body in admissible(base, link_id))


@cache
def gravest(base: str, link_id: str, policy: str) -> int:
    """Return the highest rank that an answer to a question gives which agrees with all other answers.

    One that contradicts another answer, or hides its question, says more than its own question asks.
    """
    agreeing = (body for body in admissible(base, link_id) if only_shown(body) == body)
    return max(
        BOOK.levels[assessment.level].rank
        for assessment in (assessed(facts_of(body), policy) for body in agreeing)
        if not assessment.conflicts
    )


def _each_answer(content: Json, item: Item) -> Bodies:
    if is_answered(content, item.link_id):
        yield content
    for said in _sayable(item):
        yield with_answers(content, item.link_id, said)


def _sayable(item: Item) -> list[list[Json]]:  # noqa: PLR0911 - one return for each kind of question
    match item.kind:
        case "boolean":
            return [answer_of(item, one) for one in (False, True)]
        case "yes-no-not-sure":
            return [answer_of(item, one) for one in ("no", "yes", NOT_SURE)]
        case "checklist":
            reassuring = [one for one in item.findings if BOOK.findings[one].reassuring]
            lists = ([NONE_OF_THESE], [NOT_SURE], list(item.findings), reassuring)
            return [answer_of(item, one) for one in lists if one]
        case "choice":
            return [answer_of(item, one) for one in item.options]
        case "choices":
            return [answer_of(item, [one]) for one in item.options]
        case "integer":
            return [answer_of(item, int(number)) for number in _numbers(item)]
        case "quantity":
            return [answer_of(item, (number, item.unit)) for number in _numbers(item)]
        case _:
            return [answer_of(item, "It began after I moved house.")]


@cache
def _numbers(item: Item) -> list[Decimal]:
    """List the bounds of a measure, and each threshold of the book with its neighbours."""
    step = BOOK.findings[item.link_id].step
    assert item.minimum is not None
    assert item.maximum is not None
    near = (
        leaf.threshold + step * way
        for condition in _conditions()
        for leaf in walk(condition)
        if isinstance(leaf, Compares) and leaf.measure == item.link_id
        for way in (-1, 0, 1)
    )
    return sorted({item.minimum, item.maximum, *(one for one in near if item.minimum <= one <= item.maximum)})


def _conditions() -> Iterator[Condition]:
    yield from (rule.when for rule in BOOK.rules.values())
    yield from (derivation.when for derivation in BOOK.derivations)
    yield BOOK.scope_out


NO_ANSWER = {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "asked-declined"}
VALUES: Mapping[str, object] = {
    "valueBoolean": True,
    "valueDecimal": Decimal("1.5"),
    "valueInteger": 1,
    "valueDate": "2026-11-21",
    "valueDateTime": "2026-11-21T10:00:00Z",
    "valueTime": "10:00:00",
    "valueString": "no",
    "valueUri": "urn:example:no",
    "valueAttachment": {"title": "no"},
    "valueCoding": {"system": f"{QUESTIONNAIRE}-other", "code": "no"},
    "valueQuantity": {"value": 1},
    "valueReference": {"display": "no"},
}
"""One valid value of every type that R4 has for an answer."""


def _answers(content: Json, item: Item) -> list[Json]:
    return deepcopy(item_in(content, item.link_id)["answer"])


def _absent(content: Json, item: Item) -> Bodies:
    yield with_answers(content, item.link_id, None)
    blank = deepcopy(content)
    del item_in(blank, item.link_id)["answer"]
    yield blank
    yield with_answers(content, item.link_id, [{"extension": [NO_ANSWER]}])
    key = _key(_answers(content, item)[0])
    companion = key if key in ("valueCoding", "valueQuantity") else f"_{key}"
    yield with_answers(content, item.link_id, [{companion: {"extension": [NO_ANSWER]}}])


def _null(content: Json, item: Item) -> Bodies:
    key = _key(_answers(content, item)[0])
    for answers in (None, [None], [{key: None}]):
        body = deepcopy(content)
        item_in(body, item.link_id)["answer"] = answers
        yield body


def _wrong_type(content: Json, item: Item) -> Bodies:
    own = _key(_answers(content, item)[0])
    for key, value in VALUES.items():
        if key != own:
            yield with_answers(content, item.link_id, [{key: value}])
    for value in ("yes", 0, True, [], {}, Decimal("1.0")):
        right = {"valueBoolean": bool, "valueString": str, "valueInteger": int}.get(own)
        if right is None or type(value) is not right:
            yield with_answers(content, item.link_id, [{own: value}])


def _out_of_range(content: Json, item: Item) -> Bodies:
    if item.minimum is None or item.maximum is None:
        return
    if item.kind == "integer":
        for number in (int(item.minimum) - 1, int(item.maximum) + 1, 2**31 - 1, -(2**31), 2**31):
            yield with_answers(content, item.link_id, [{"valueInteger": number}])
        return
    for beyond in (item.minimum - Decimal("0.1"), item.maximum + Decimal("0.1"), Decimal("1E+300")):
        yield with_answers(content, item.link_id, [{"valueQuantity": quantity(beyond, item.unit)}])


def _wrong_unit(content: Json, item: Item) -> Bodies:
    if item.kind != "quantity":
        return
    right = quantity(37, item.unit)
    for wrong in (
        {"code": "min"},
        {"code": "K"},
        {"code": item.unit.upper() + "s"},
        {"code": None},
        {"system": None},
        {"system": "http://example.org/units"},
        {"code": None, "system": None},
        {"comparator": "<"},
        {"value": None},
    ):
        kept = {key: value for key, value in {**right, **wrong}.items() if value is not None}
        yield with_answers(content, item.link_id, [{"valueQuantity": kept}])


def _unknown_code(content: Json, item: Item) -> Bodies:
    coding = _answers(content, item)[0].get("valueCoding")
    if coding is None:
        return
    for wrong in (
        {**coding, "code": "something-else"},
        {**coding, "code": str(coding["code"]).upper()},
        {**coding, "system": "http://example.org/codes"},
        {"code": coding["code"]},
        {"system": coding["system"]},
        {"display": "No"},
    ):
        yield with_answers(content, item.link_id, [{"valueCoding": wrong}])


def _duplicated(content: Json, item: Item) -> Bodies:
    for group in content["item"]:
        body = deepcopy(content)
        again = deepcopy(item_in(body, item.link_id))
        next(one for one in body["item"] if one["linkId"] == group["linkId"])["item"].append(again)
        yield body
    answers = _answers(content, item)
    yield with_answers(content, item.link_id, [*answers, answers[0]])
    if item.kind not in ("checklist", "choices"):
        yield from (with_answers(content, item.link_id, [*answers, *other]) for other in _sayable(item))
        return
    for alone in sorted(ALONE & {*item.options, NONE_OF_THESE} - {NONE_OF_THESE if item.kind == "choices" else ""}):
        two = [alone, (item.options or item.findings)[0]]
        yield with_answers(content, item.link_id, answer_of(item, two))


def _wrong_version(content: Json, _item: Item) -> Bodies:
    for canonical in (f"{QUESTIONNAIRE}|2.0.0", f"{QUESTIONNAIRE}|1.0.1", f"{QUESTIONNAIRE}-other|{FORM.version}"):
        yield {**content, "questionnaire": canonical}


def _not_sure(content: Json, item: Item) -> Bodies:
    if item.kind == "checklist":
        yield with_answers(content, item.link_id, answer_of(item, [NOT_SURE]))
        yield with_answers(content, item.link_id, answer_of(item, [item.findings[0], NOT_SURE]))
    else:
        asked = ITEMS["dyspnoea"]
        yield with_answers(content, item.link_id, answer_of(asked, NOT_SURE))


def _disabled(content: Json, item: Item) -> Bodies:
    """Answer what hides the question, and keep its answer: an early end, and every such answer of its parents."""
    group = next(group for group in FORM.groups if item in group.items)
    enders = (*group.ended_by, *item.ended_by)
    hiding = [(FORM.item_of[ender], ender) for ender in enders[:1] + enders[-1:]]
    for link_id, ender in hiding:
        asked = ITEMS[link_id]
        yield with_answers(content, link_id, answer_of(asked, _present(asked, ender)))  # type: ignore[arg-type]
    if item.shown_when is None:
        return
    for parent in sorted(findings_in(item.shown_when)):
        for body in _each_answer(content, ITEMS[FORM.item_of[parent]]):
            if item.link_id not in shown(GENERATED, body):
                yield body
    for parent in sorted(findings_in(item.shown_when)):
        body = saying(content, **{FORM.item_of[parent]: None})
        if item.link_id not in shown(GENERATED, body):
            yield body


def _present(asked: Item, finding: str) -> object:
    return {"boolean": True, "yes-no-not-sure": "yes"}.get(asked.kind, [finding])


def _key(answer: Json) -> str:
    return next(key for key in answer if key.startswith("value"))


READ_ALL_THE_SAME: Mapping[str, Callable[[Json, Item], Bodies]] = {"absent": _absent, "not-sure": _not_sure}
"""What a response survives, as it does `disabled`, which needs other answers to change."""
DAMAGES: Mapping[str, Callable[[Json, Item], Bodies]] = {
    **READ_ALL_THE_SAME,
    "null": _null,
    "wrong type": _wrong_type,
    "out of range": _out_of_range,
    "wrong unit": _wrong_unit,
    "unknown code": _unknown_code,
    "duplicated": _duplicated,
    "wrong version": _wrong_version,
}
