"""LHC-Forms, a form renderer from elsewhere, shows what our Questionnaire means, and what it exports is triaged.

It needs npm and Chromium: `make judges`. A person in the browser answers 50 forms, and changes some answers.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from service.errors import Refused
from service.mapping.canonical import BASE
from service.settings import Settings
from service.usecases.triage import Triage
from tests.judges.lforms.browser import ShownForm, lforms, missing_part
from tests.judges.lforms.paths import SHOWN_AT_FIRST, Path, paths, told
from tests.judges.shown import PROFILES
from tests.mapping.form_oracle import items_of
from tests.mapping.responses import BOOK, ITEMS, Json, Said, as_bytes, item_in, only_shown, response

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.skipif(bool(missing_part()), reason=missing_part() or "there"),
]
TRIAGE = Triage(BOOK, Settings())
OURS: Json = json.loads((PROFILES / "Questionnaire-upper-back-pain.json").read_bytes())
NO_SUBJECT = "the response has no subject"
BREATHLESS, UNSURE = ("dyspnoea", "yes"), ("urinary-retention", "not-sure")
Breaks = Callable[[Json], object]
Answers = tuple[tuple[str, Said], ...]
Filled = tuple[Path, list[str], bytes]


@pytest.fixture(scope="module")
def form() -> Iterator[ShownForm]:
    with lforms() as opened:
        yield opened


@pytest.fixture(scope="module")
def filled_in(form: ShownForm) -> list[Filled]:
    """Fill in every path once: what was shown otherwise than expected, and what LHC-Forms exported at the end."""
    return [(one, differences(form, OURS, one), form.exported()) for one in paths()]


def differences(form: ShownForm, questionnaire: Json, path: Path) -> list[str]:
    """Answer along a path up to the first step at which other items are visible than expected; tell that step."""
    form.show(questionnaire)
    found = _difference(form, SHOWN_AT_FIRST, "before any answer")
    for step in path.steps:
        if found:
            break
        form.give(step.link_id, step.said)
        found = _difference(form, step.shown, f"after an answer to {step.link_id}")
    return found


def _difference(form: ShownForm, expected: frozenset[str], place: str) -> list[str]:
    met = form.visible_once_settled(expected)
    return [] if met == expected else [f"{place}: hides {sorted(expected - met)}, shows {sorted(met - expected)}"]


def as_we_write_it(path: Path, exported: Json) -> Json:
    """Write the answers of a path ourselves, with what LHC-Forms alone can know: when the form was filled in."""
    ours = only_shown(response(path.said, authored=exported["authored"]))
    return {name: content for name, content in ours.items() if name != "subject"}


def given(content: Json) -> dict[str, list[Any]]:
    """Read every answer by linkId: a number with its digits, a coding as system and code; words do not count."""
    answers = {
        item["linkId"]: [_value(one) for one in item["answer"]] for item in items_of(content) if "answer" in item
    }
    return {link_id: sorted(values) for link_id, values in answers.items()}


def _value(answer: Mapping[str, Any]) -> Any:
    ((kind, value),) = answer.items()
    if not isinstance(value, dict):
        return kind, value
    return kind, tuple(value.get(name) for name in ("value", "system", "code"))


def loads(exported: bytes) -> Json:
    content: Json = json.loads(exported, parse_float=Decimal)
    return content


def issues(bundle: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """List severity, code and words of every issue that came with the results."""
    outcomes = [one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == "OperationOutcome"]
    found = [issue for outcome in outcomes for issue in outcome["issue"]]
    return [(issue["severity"], issue["code"], issue["details"]["text"]) for issue in found]


def level(bundle: Mapping[str, Any]) -> str:
    assessment = bundle["entry"][0]["resource"]
    (told_level,) = (one for one in assessment["extension"] if one["url"] == f"{BASE}/StructureDefinition/triage-level")
    code: str = told_level["valueCodeableConcept"]["coding"][0]["code"]
    return code


def test_the_paths_answer_every_question_change_answers_and_go_far_into_the_form() -> None:
    assert len(paths()) == 50
    assert {step.link_id for one in paths() for step in one.steps if step.said is not None} == ITEMS.keys()
    changed = [one for one in paths() if len(one.steps) > len({step.link_id for step in one.steps})]
    assert len(changed) >= 20
    assert sum(len(one.steps) > 30 for one in paths()) >= 8


def test_it_shows_the_items_that_we_expect_at_every_step(form: ShownForm, filled_in: list[Filled]) -> None:
    assert [found for _, found, _ in filled_in if found] == []
    assert form.complaints == []


def test_it_exports_the_answers_that_were_given_and_no_other(filled_in: list[Filled]) -> None:
    for path, _, exported in filled_in:
        assert given(loads(exported)) == given(as_we_write_it(path, loads(exported)))


def test_what_it_exports_is_triaged_as_the_same_answers_of_our_own_writing(filled_in: list[Filled]) -> None:
    for path, _, exported in filled_in:
        ours = TRIAGE(as_bytes(as_we_write_it(path, loads(exported)))).resource
        theirs = TRIAGE(exported).resource
        assert issues(theirs) == issues(ours)
        assert level(theirs) == level(ours)


def test_nothing_is_warned_of_but_the_missing_subject_and_answers_that_contradict_each_other(
    filled_in: list[Filled],
) -> None:
    for _, _, exported in filled_in:
        (no_subject, *others) = issues(TRIAGE(exported).resource)
        assert no_subject[:2] == ("warning", "incomplete")
        assert no_subject[2].startswith(NO_SUBJECT)
        assert {issue[:2] for issue in others} <= {("warning", "business-rule")}
        assert all(text.endswith("The more dangerous reading counts.") for _, _, text in others)


# fmt: off
BROKEN: list[tuple[str, Breaks, Answers, str]] = [
    # item                    what is broken in a copy                                  answers           comment
    ("chest-pain",            lambda item: item["enableWhen"][0].update(operator="="),  (),               "not asked"),
    ("dyspnoea-longstanding", lambda item: item.update(enableBehavior="all"),           (BREATHLESS,),    "not asked"),
    ("group-danger-next",     lambda item: item.pop("enableWhen"),                      (BREATHLESS,),    "goes on"),
    ("pregnant",              lambda item: item["enableWhen"][1].update(operator=">"),  (("age", 10),),   "from 11 on"),
    ("hydrated",              lambda item: item["enableWhen"].pop(),                    (UNSURE,),        "yes alone"),
]
# fmt: on


@pytest.mark.parametrize(("link_id", "breaks", "answers", "comment"), BROKEN)
def test_a_changed_condition_is_seen(
    form: ShownForm, link_id: str, breaks: Breaks, answers: Answers, comment: str
) -> None:
    path, copy = told(*answers), deepcopy(OURS)
    breaks(item_in(copy, link_id))
    assert differences(form, OURS, path) == []
    assert differences(form, copy, path) != [], comment


def test_a_denial_beside_a_sign_which_it_lets_through_is_refused_with_the_question_named(form: ShownForm) -> None:
    form.show(OURS)
    form.give("list-danger-1", ["tearing", "none-of-these"])
    with pytest.raises(Refused) as refused:
        TRIAGE(form.exported())
    assert refused.value.status == 422
    assert {issue.link_id for issue in refused.value.issues} == {"list-danger-1"}


def test_counts_are_printed(filled_in: list[Filled], capsys: pytest.CaptureFixture[str]) -> None:
    steps = sum(len(one.steps) for one in paths())
    items = sum(len(step.shown) for one in paths() for step in one.steps)
    answers = sum(len(given(loads(exported))) for _, _, exported in filled_in)
    levels = Counter(level(TRIAGE(exported).resource) for _, _, exported in filled_in)
    with capsys.disabled():
        print(f"\nLHC-Forms: {len(paths())} paths, {steps} steps, {items} items shown, {answers} questions read back")
        print(f"levels: {dict(levels)}")
