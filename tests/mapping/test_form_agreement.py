"""The generated Questionnaire and the reader agree on what the form shows, for any answers whatever."""

from hypothesis import example, given, settings

from tests.mapping.form_oracle import shown
from tests.mapping.random_responses import responses
from tests.mapping.reading import POLICIES, Read, facts_of, rank, read
from tests.mapping.responses import BOOK, FORM, GENERATED, ITEMS, Json, filled, is_answered, only_shown, saying

REQUIRED = {item.link_id for item in ITEMS.values() if item.required}
TEXTS = {item.link_id for item in ITEMS.values() if item.kind == "text"}
MALE_AND_PREGNANT = saying(filled(), pregnant=True, gestation_weeks=(30, "wk"), list_pregnancy_2=["vaginal-bleeding"])


def warned(outcome: Read, code: str) -> set[str]:
    """Name the questions that have a warning of this code."""
    return {notice.link_id for notice in outcome.notices if notice.code == code}


@settings(max_examples=300)
@given(responses())
@example(filled())
@example(MALE_AND_PREGNANT)
@example(saying(filled(dyspnoea="yes"), age=40, list_danger_1=["haemoptysis"], haemoptysis_more=False))
def test_the_reader_treats_as_shown_what_a_form_shows(content: Json) -> None:
    visible = shown(GENERATED, content) & ITEMS.keys()
    answered = {link_id for link_id in ITEMS if is_answered(content, link_id)}
    outcome = read(content)
    assert warned(outcome, "business-rule") == answered - visible - TEXTS
    is_complete = content["status"] in ("completed", "amended")
    assert warned(outcome, "required") == ((REQUIRED & visible) - answered if is_complete else set())
    for finding, fact in outcome.facts.items():
        link_id = FORM.item_of.get(finding)
        if fact.origin == "not-shown":
            assert link_id not in visible
        elif fact.origin == "response":
            assert fact.where == (link_id,)
            assert link_id in answered
            assert link_id in visible or fact.value is not False
    assert outcome.facts["free-text"].value == (answered >= TEXTS)


@settings(max_examples=150)
@given(responses())
@example(MALE_AND_PREGNANT)
def test_answers_to_hidden_questions_never_reassure(content: Json) -> None:
    """What the form would have sent gets no higher a level than all that was sent."""
    sent, shown_alone = read(content).facts, facts_of(only_shown(content))
    for policy in POLICIES:
        assert rank(sent, policy) >= rank(shown_alone, policy)


@settings(max_examples=150)
@given(responses())
def test_a_finding_that_was_not_shown_is_absent_only_by_a_decided_answer(content: Json) -> None:
    facts = read(content).facts
    for finding, fact in facts.items():
        if fact.origin == "not-shown":
            assert fact.value is False
            assert ITEMS[FORM.item_of[finding]].not_shown_means == "absent"
            assert BOOK.findings[finding].kind == "boolean"
            assert any(facts[known].origin in ("response", "not-shown") for known in _known_by(fact.where, facts))


def _known_by(where: tuple[str, ...], facts: object) -> list[str]:
    return [finding for link_id in where for finding in ITEMS[link_id].findings if finding in facts]  # type: ignore[operator]
