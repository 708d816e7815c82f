"""What ``$populate`` begins a response with: numbers and choices on which the record says one thing, nothing else."""

from decimal import Decimal
from typing import Any

import pytest

from service.engine.facts import Fact, Value
from service.errors import Issue
from service.mapping.canonical import BASE, QUESTIONNAIRE
from service.mapping.operations.populate import populated, told
from tests.mapping.responses import FORM

Json = dict[str, Any]

AUTHORED = "2026-11-21T12:00:00Z"
SUBJECT = {"reference": "Patient/1"}
BEGUN: Json = {
    "resourceType": "QuestionnaireResponse",
    "questionnaire": f"{QUESTIONNAIRE}|{FORM.version}",
    "status": "in-progress",
    "subject": SUBJECT,
    "authored": AUTHORED,
}


def begun(**facts: tuple[Value, ...]) -> Json:
    """Begin a response from facts of the record; a finding is written with underscores for its hyphens."""
    said = {name.replace("_", "-"): tuple(Fact(one, "record") for one in values) for name, values in facts.items()}
    return populated(FORM, said, SUBJECT, AUTHORED)


def test_what_the_record_says_for_sure_is_filled_in_where_the_form_asks_it() -> None:
    response = begun(age=(Decimal(46),), sex=(frozenset({"female"}),), answered_by=(frozenset({"parent"}),))
    assert response == {
        **BEGUN,
        "item": [
            {
                "linkId": "group-person",
                "text": "About you",
                "item": [
                    {"linkId": "age", "text": "How old are you?", "answer": [{"valueInteger": 46}]},
                    {
                        "linkId": "sex",
                        "text": "What was your sex at birth?",
                        "answer": [
                            {
                                "valueCoding": {
                                    "system": "http://hl7.org/fhir/administrative-gender",
                                    "code": "female",
                                }
                            }
                        ],
                    },
                    {
                        "linkId": "answered-by",
                        "text": FORM.item("answered-by").ask,
                        "answer": [{"valueCoding": {"system": f"{BASE}/CodeSystem/finding-option", "code": "parent"}}],
                    },
                ],
            }
        ],
    }
    assert told(response) == Issue(
        "information",
        "informational",
        "filled in from the record, to be checked with the person: How old are you? What was your sex at birth? "
        f"{FORM.item('answered-by').ask}; all else is left open, because a record that is silent denies nothing",
    )


OPEN: list[tuple[str, dict[str, tuple[Value, ...]]]] = [
    # comment, what the record says
    ("nothing", {}),
    ("a danger sign, which a person answers", {"dyspnoea": (True,), "fever": (True,)}),
    ("a history, which stands in a checklist", {"hx_cancer": (True,)}),
    ("two ages", {"age": (Decimal(46), Decimal(47))}),
    ("a quantity", {"temperature": (Decimal("38.5"),)}),
]


@pytest.mark.parametrize("facts", [pytest.param(row[1], id=row[0]) for row in OPEN])
def test_all_else_is_left_open(facts: dict[str, tuple[Value, ...]]) -> None:
    response = begun(**facts)
    assert response == BEGUN
    assert told(response) == Issue(
        "information",
        "informational",
        "nothing; all else is left open, because a record that is silent denies nothing",
    )
