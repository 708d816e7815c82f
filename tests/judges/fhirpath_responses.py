"""Random valid responses for the judges of conditions, and what the engine says of each rule by the answers alone."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from random import Random

from service.engine.derive import complete
from service.engine.verdict import Verdict, View, evaluate
from service.knowledge.condition import Compares, Condition, walk
from service.knowledge.form import Item, Unit
from service.mapping.answered_facts import facts_of_answers
from service.mapping.answers import read_answers
from service.mapping.canonical import NONE_OF_THESE, NOT_SURE
from tests.mapping.responses import BOOK, FORM, ITEMS, Json, Said, only_shown, response

STATUSES = ("completed", "completed", "amended", "in-progress", "stopped")
DECLINED = [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "asked-declined"}]
SHARE_OF_NO = (0.0, 0.5, 0.8, 0.95, 1.0)
SHARE_OF_CALM = (0.5, 0.9, 0.98, 1.0)
"""How often an answer that would end the form is no: nearly always, because the form is long after it."""
SHARE_OF_BLANK = (0.0, 0.0, 0.03, 0.2, 0.6, 1.0)


def responses(count: int, seed: int = 0) -> Iterator[Json]:
    """Make valid responses: whole, partial and blank ones; what the form does not show is not answered."""
    random = Random(seed)  # noqa: S311  # cases, not secrets
    for _ in range(count):
        no, calm, blank = (random.choice(one) for one in (SHARE_OF_NO, SHARE_OF_CALM, SHARE_OF_BLANK))
        said = {
            link_id: _said(random, item, calm if ENDING & {*item.findings} else no)
            for link_id, item in ITEMS.items()
            if random.random() >= blank
        }
        yield _with_blanks(random, response(said, status=random.choice(STATUSES)), blank)


def _with_blanks(random: Random, content: Json, blank: float) -> Json:
    """Take the answers from some questions, then write what is left blank in each way that systems do."""
    for item in _questions(content):
        if random.random() < blank / 4:
            del item["answer"]
    shown = only_shown(content)
    for item in _questions(shown):
        if "answer" not in item:
            coded = ITEMS[item["linkId"]].kind in ("checklist", "yes-no-not-sure", "choice", "choices")
            empty = {"valueCoding": {"extension": DECLINED}} if coded else {"extension": DECLINED}
            item.update(random.choice([{}, {"answer": [{"extension": DECLINED}]}, {"answer": [empty]}]))
    return shown


def _questions(content: Json) -> list[Json]:
    return [item for group in content.get("item", []) for item in group["item"]]


def fired(content: Json) -> frozenset[str]:
    """Name the rules that the engine says fire, by the answers alone."""
    return frozenset(rule for rule, verdict in _verdicts(content, doubting=False).items() if verdict)


def undecided(content: Json) -> frozenset[str]:
    """Name the rules that the engine leaves undecided."""
    return frozenset(rule for rule, verdict in _verdicts(content, doubting=False).items() if verdict is None)


def only_reassurance_is_open(content: Json) -> frozenset[str]:
    """Name the rules that do not fire, but would with every open reassurance absent and every open exemption void."""
    would_fire = frozenset(rule for rule, verdict in _verdicts(content, doubting=True).items() if verdict)
    return would_fire - fired(content)


def _verdicts(content: Json, *, doubting: bool) -> dict[str, Verdict]:
    answers = read_answers(FORM, content, "QuestionnaireResponse")
    assert answers.issues == (), "the response is not valid"
    facts = facts_of_answers(BOOK, answers, content["status"], "QuestionnaireResponse").facts
    known = {finding: fact.value for finding, fact in complete(BOOK, facts).facts.items()}
    reassuring = frozenset(one.id for one in BOOK.findings.values() if one.reassuring)
    view = View(known, reassuring if doubting else None)
    return {rule.id: evaluate(rule.when, view) for rule in BOOK.rules.values()}


def _said(random: Random, item: Item, no: float) -> Said:  # noqa: PLR0911 - one return for each kind of question
    denies = random.random() < no
    match item.kind:
        case "boolean":
            return item.link_id == "upper-back-pain" if denies else random.random() < 0.5  # a coin
        case "yes-no-not-sure":
            return "no" if denies else random.choice(["yes", NOT_SURE])
        case "checklist":
            options = [*item.findings, NOT_SURE]
            return [NONE_OF_THESE] if denies else random.sample(options, random.randint(1, min(3, len(options))))
        case "choice":
            return random.choice(item.options)
        case "choices":
            return [item.options[-1]] if denies else random.sample(item.options[:-1], random.randint(1, 3))
        case "integer" | "quantity":
            return _number(random, item)
        case _:
            return None if denies else "It began at work."


def _number(random: Random, item: Item) -> Said:
    """Choose a number beside or at a threshold of the rules, in any unit of the form; else any at all."""
    if item.kind == "integer":
        return int(random.choice([*_beside(item, None), Decimal(random.randint(0, int(item.maximum or 10)))]))
    unit = random.choice(item.units)
    return random.choice(_beside(item, unit)), unit.code


def _beside(item: Item, unit: Unit | None) -> Sequence[Decimal]:
    """List the numbers below, at and above each threshold that the question allows, as a person would give them."""
    steps = (-1, 0, 1) if unit is None else (Decimal("-1"), Decimal("-0.1"), Decimal(0), Decimal("0.1"), Decimal(1))
    found = []
    for threshold in THRESHOLDS.get(item.link_id, (Decimal(1), Decimal(30))):
        at = threshold if unit is None else round(threshold * unit.by / unit.times + unit.minus, 1)
        for number in (at + step for step in steps):
            meant = number if unit is None else unit.convert(number)
            if (item.minimum or 0) <= meant <= (item.maximum or 0):
                found.append(number)
    return found


def _thresholds() -> Mapping[str, Sequence[Decimal]]:
    conditions: list[Condition] = [rule.when for rule in BOOK.rules.values()]
    conditions += [derivation.when for derivation in BOOK.derivations]
    conditions += [item.shown_when for item in FORM.items() if item.shown_when is not None]
    found: dict[str, set[Decimal]] = {}
    for node in (node for condition in conditions for node in walk(condition)):
        if isinstance(node, Compares):
            found.setdefault(node.measure, set()).add(node.threshold)
    return {measure: sorted(numbers) for measure, numbers in found.items()}


THRESHOLDS = _thresholds()
ENDING = {finding for item in (*FORM.groups, *FORM.items()) for finding in item.ended_by}
