"""The RiskAssessment says the level in codes and words, how it came about, and what is not known."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from service import __version__
from service.engine.facts import Fact
from service.mapping.canonical import BASE
from service.mapping.writing.results import write_results
from tests.mapping.writing.patients import (
    AUTHORED,
    PATIENTS,
    RESPONSE,
    RUN,
    Patient,
    book,
    codes,
    extensions,
    free_text,
    header,
    parts,
    patient,
    results,
)

everyone = pytest.mark.parametrize("who", PATIENTS, ids=[one.says for one in PATIENTS])


def risk(who: Patient, **changes: Any) -> dict[str, Any]:
    return results(who, header(**changes))["RiskAssessment"]


@everyone
def test_the_level_and_its_ceiling_are_those_of_the_engine(who: Patient) -> None:
    written, assessed = risk(who), who.assessment()
    (level,), (ceiling,) = extensions(written, "triage-level"), extensions(written, "triage-ceiling")
    assert codes(level["valueCodeableConcept"]) == [assessed.level]
    assert codes(ceiling["valueCodeableConcept"]) == [assessed.ceiling]
    assert level["valueCodeableConcept"]["coding"][0]["system"] == f"{BASE}/CodeSystem/triage-level"


@everyone
def test_mitigation_and_narrative_begin_with_the_level_in_words(who: Patient) -> None:
    written = risk(who)
    means = book().levels[who.assessment().level].means.partition(";")[0]  # what follows depends on the policy
    begin = (means[0].upper() + means[1:]).replace("the emergency number", RUN.emergency_number)
    assert written["mitigation"].startswith(begin)
    assert written["text"]["div"].startswith(f'<div xmlns="http://www.w3.org/1999/xhtml"><h3>{begin}')


def test_mitigation_says_what_must_not_be_done_and_without_a_live_policy_the_level_alone() -> None:
    assert "Do not start acetaminophen (paracetamol)" in risk(patient("within a day"))["mitigation"]
    assert "Do not drive yourself" in risk(patient("ambulance"))["mitigation"]
    assert "Do not drive yourself" not in risk(patient("one source alone"))["mitigation"]


STATUSES = [
    # patient, response status, status expected, comment
    ("self-care: a sore", "completed", "final", "every question that could raise the level is answered"),
    ("self-care: a sore", "amended", "final", "an amended response is finished"),
    ("self-care: a sore", "in-progress", "preliminary", "the form is not finished"),
    ("self-care: a sore", "stopped", "preliminary", "the form was stopped"),
    ("open: nobody asked about breath", "completed", "preliminary", "an undecided rule could raise the level"),
    ("old answers", "completed", "preliminary", "the answers are old"),
    ("ambulance", "completed", "final", "nothing could raise the level above ambulance"),
]


@pytest.mark.parametrize(("who", "status", "expected", "comment"), STATUSES)
def test_the_status_says_whether_an_answer_could_still_raise_the_level(
    who: str, status: str, expected: str, comment: str
) -> None:
    written = risk(patient(who), status=status)
    assert written["status"] == expected, comment
    said = " ".join(note["text"] for note in written["note"])
    assert ("does not mean that a clinician has seen" in said) == (expected == "final")
    assert ("This result is preliminary" in said) == (expected == "preliminary")


def test_the_profile_carries_the_version_of_the_software() -> None:
    profile = f"{BASE}/StructureDefinition/triage-risk-assessment|{__version__}"
    assert risk(patient("self-care: a sore"))["meta"] == {"profile": [profile]}


def test_subject_encounter_date_and_author_are_carried_over() -> None:
    written = risk(patient("ambulance"))
    assert written["subject"] == {"reference": "Patient/1"}
    assert written["encounter"] == {"reference": "Encounter/2"}
    assert written["occurrenceDateTime"] == AUTHORED
    assert written["performer"] == {
        "type": "Device",
        "identifier": {"system": f"{BASE}/identifier/software", "value": "upper-back-triage"},
        "display": "upper-back-triage 9.8.7",
    }


def test_a_missing_subject_is_unknown_and_a_missing_date_is_left_out() -> None:
    absent = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
    written = risk(patient("ambulance"), subject=None, encounter=None, authored="")
    assert written["subject"] == {"extension": [{"url": absent, "valueCode": "unknown"}]}
    assert "encounter" not in written
    assert "occurrenceDateTime" not in written


def test_the_basis_names_the_response_and_then_the_resources_of_the_record_that_were_used() -> None:
    assert risk(patient("within a day"))["basis"] == [RESPONSE, {"reference": "Condition/liver"}]
    assert risk(patient("ambulance"))["basis"] == [RESPONSE]


def test_the_method_is_the_rule_book_in_its_version() -> None:
    method = risk(patient("ambulance"))["method"]
    assert method["coding"][0]["system"] == f"{BASE}/CodeSystem/method"
    assert method["coding"][0]["version"] == book().version
    assert book().version in method["text"]


def test_policy_and_rule_book_are_named() -> None:
    signed = replace(RUN, policy_signed_by="the medical director", policy_signed_on="2026-04-01")
    who = patient("self-care under reconciled")
    (written, *_) = write_results(book(), who.assessment(), header(), signed)
    (policy,) = extensions(written["resource"], "policy")
    assert policy["extension"] == [
        {"url": "code", "valueCode": "reconciled"},
        {"url": "signedBy", "valueString": "the medical director"},
        {"url": "signedOn", "valueDate": "2026-04-01"},
    ]
    (rules,) = extensions(written["resource"], "rule-book")
    assert parts(rules, "version") + parts(rules, "sha256") == [book().version, book().digest]
    assert "signed off by the medical director on 2026-04-01" in written["resource"]["text"]["div"]


def test_an_unsigned_policy_says_its_code_alone() -> None:
    (policy,) = extensions(risk(patient("ambulance")), "policy")
    assert policy["extension"] == [{"url": "code", "valueCode": "strictest"}]


def test_the_scope_is_said_in_code_and_words() -> None:
    out, within = risk(patient("out of scope")), risk(patient("ambulance"))
    assert extensions(out, "scope")[0]["valueCode"] == "out"
    assert extensions(within, "scope")[0]["valueCode"] == "in"
    assert "Out of scope" in out["text"]["div"]
    assert "Out of scope" not in within["text"]["div"]
    assert "prediction" not in out, "no causes are given out of scope"


@everyone
def test_there_is_one_trace_per_traced_rule_in_its_order(who: Patient) -> None:
    traces = extensions(risk(who), "trace")
    assert [(parts(one, "rule"), parts(one, "verdict")) for one in traces] == [
        ([traced.rule], [traced.verdict]) for traced in who.assessment().trace
    ]


def test_a_trace_names_finding_question_statements_and_what_each_source_asks_for() -> None:
    who = patient("ambulance")
    trace = next(one for one in extensions(risk(who), "trace") if parts(one, "rule") == ["breathless"])
    statements = [book().statements[one] for one in book().rules["breathless"].statements]
    assert parts(trace, "finding") == ["dyspnoea"]
    assert parts(trace, "linkId") == ["dyspnoea"]
    assert parts(trace, "statement") == [one.id for one in statements]
    said = [{part["url"]: part["valueCode"] for part in one} for one in parts(trace, "source-level")]
    assert said == [
        {"source": source, "level": level} for source, level in dict.fromkeys((s.source, s.level) for s in statements)
    ]


IN_SEVERE_PAIN = Patient("pain of 8, and a rule that only names causes", measures={"severity-now": "8"})


@pytest.mark.parametrize("who", [*PATIENTS, IN_SEVERE_PAIN], ids=lambda who: str(who.says))
def test_every_traced_rule_names_its_statements_or_else_those_that_support_it(who: Patient) -> None:
    for trace in extensions(risk(who), "trace"):
        rule = book().rules[parts(trace, "rule")[0]]
        assert parts(trace, "statement") == list(rule.statements or rule.supports)
        assert parts(trace, "statement")


def test_the_link_ids_of_an_undecided_rule_are_where_its_answers_would_be() -> None:
    written = risk(patient("open: nobody asked about breath"))
    trace = next(one for one in extensions(written, "trace") if parts(one, "rule") == ["breathless"])
    assert parts(trace, "verdict") == ["undecided"]
    assert parts(trace, "linkId") == ["dyspnoea"]


LINK_IDS = [
    # what is known of dyspnoea, linkIds, comment
    (Fact(True, "derived", ("chest-pain",)), ["chest-pain"], "those of the answers that it follows from"),
    (Fact(True, "derived", ("dyspnoea", "chest-pain")), ["chest-pain"], "a finding never follows from itself"),
    (Fact(True, "contradiction", ("dyspnoea", "chest-pain")), ["dyspnoea", "chest-pain"], "both answers"),
    (Fact(True, "contradiction", ("dyspnoea", "palpitations")), ["dyspnoea", "list-danger-2"], "in a checklist, too"),
    (Fact(True, "contradiction", ("palpitations",)), ["dyspnoea", "list-danger-2"], "its own question is one of them"),
    (Fact(True, "derived", ("palpitations",)), ["list-danger-2"], "a checklist's"),
    (Fact(True, "not-shown", ("chest-pain",)), ["chest-pain"], "the answer that hid it"),
    (Fact(True, "record", ("Condition/1",)), [], "the record has no question"),
]


@pytest.mark.parametrize(("fact", "link_ids", "comment"), LINK_IDS)
def test_the_link_ids_of_a_finding_lead_to_the_answers_behind_it(fact: Fact, link_ids: list[str], comment: str) -> None:
    who = patient("ambulance")
    assessed = replace(who.assessment(), facts={**who.assessment().facts, "dyspnoea": fact})
    (written, *_) = write_results(book(), assessed, header(), RUN)
    trace = next(one for one in extensions(written["resource"], "trace") if parts(one, "rule") == ["breathless"])
    assert parts(trace, "linkId") == link_ids, comment


def test_findings_that_follow_from_each_other_lead_to_the_answers_behind_both() -> None:
    """Two answers that do not fit together name each other."""
    who = patient("ambulance")
    chain = {
        "dyspnoea": Fact(True, "derived", ("chest-pain",)),
        "chest-pain": Fact(True, "derived", ("sweating",)),
        "sweating": Fact(True, "derived", ("dyspnoea", "palpitations")),
    }
    assessed = replace(who.assessment(), facts={**who.assessment().facts, **chain})
    (written, *_) = write_results(book(), assessed, header(), RUN)
    trace = next(one for one in extensions(written["resource"], "trace") if parts(one, "rule") == ["breathless"])
    assert parts(trace, "linkId") == ["list-danger-2"]


def used(written: dict[str, Any], finding: str) -> dict[str, Any]:
    return next(one for one in extensions(written, "input-used") if parts(one, "finding") == [finding])


INPUTS = [
    # patient, finding, the part that holds its value, comment
    ("ambulance", "dyspnoea", {"url": "value", "valueBoolean": True}, "a yes"),
    ("ambulance", "chest-pain", {"url": "value", "valueBoolean": False}, "a no"),
    ("self-care: a sore", "severity-now", {"url": "value", "valueInteger": 3}, "a whole number without a unit"),
    ("within a day", "tried", {"url": "value", "valueCode": "heat"}, "what was chosen, in the order of the book"),
    ("fever measured", "temperature",
     {"url": "value", "valueQuantity":
         {"value": Decimal("38.50"), "system": "http://unitsofmeasure.org", "code": "Cel"}}, "digits as sent"),
]  # fmt: skip


@pytest.mark.parametrize(("who", "finding", "part", "comment"), INPUTS)
def test_what_was_used_carries_its_value(who: str, finding: str, part: dict[str, Any], comment: str) -> None:
    assert part in used(risk(patient(who)), finding)["extension"], comment


def test_a_decimal_keeps_its_zero() -> None:
    quantity = parts(used(risk(patient("fever measured")), "temperature"), "value")[0]
    assert str(quantity["value"]) == "38.50"


def test_a_decimal_that_a_change_of_unit_made_endless_is_cut_to_what_fhir_promises() -> None:
    who = replace(patient("fever measured"), measures={"temperature": str((Decimal("101") - 32) * 5 / 9)})
    quantity = parts(used(risk(who), "temperature"), "value")[0]
    assert str(quantity["value"]) == "38.3333333333333333", "18 digits, and never rounded up"


SOURCES = [
    # finding, origin, place, comment
    ("chest-pain", "response", {"url": "linkId", "valueString": "chest-pain"}, "the linkId of the answer"),
    ("hx-liver", "record", {"url": "resource", "valueReference": {"reference": "Condition/liver"}}, "the resource"),
]


PLACES = [
    # where the record says it, how it is referred to, comment
    ("Condition/liver", {"reference": "Condition/liver"}, "type and id"),
    ("Condition/liver/_history/2", {"reference": "Condition/liver/_history/2"}, "a version of it"),
    ("urn:uuid:0000012e-0000-4000-8000-000000247df2", {"reference": "urn:uuid:0000012e-0000-4000-8000-000000247df2"},
     "a fullUrl"),
    ("https://ehr.example/fhir/Condition/1", {"reference": "https://ehr.example/fhir/Condition/1"}, "an address"),
    ("QuestionnaireResponse.contained[1]", {"display": "QuestionnaireResponse.contained[1]"},
     "contained in the response: nothing outside can refer to it"),
    ("Bundle.entry[3].resource", {"display": "Bundle.entry[3].resource"}, "an entry without fullUrl and id"),
]  # fmt: skip


@pytest.mark.parametrize(("where", "reference", "comment"), PLACES)
def test_a_resource_of_the_record_is_referred_to_by_its_address_or_else_named(
    where: str, reference: dict[str, str], comment: str
) -> None:
    written = risk(replace(patient("within a day"), record={"hx-liver": where}))
    assert written["basis"] == [RESPONSE, reference], comment
    assert {"url": "resource", "valueReference": reference} in parts(used(written, "hx-liver"), "from")[0], comment


@pytest.mark.parametrize(("finding", "origin", "place", "comment"), SOURCES)
def test_what_was_used_says_where_it_came_from(finding: str, origin: str, place: dict[str, Any], comment: str) -> None:
    told = parts(used(risk(patient("within a day")), finding), "from")
    assert told == [[{"url": "origin", "valueCode": origin}, place]], comment


def test_a_derived_fact_names_the_findings_it_follows_from() -> None:
    who = Patient("an arm that cannot be used is weak", ("arm-weak-severe",), unanswered=("arm-weak",))
    (told,) = parts(used(risk(who), "arm-weak"), "from")
    assert told == [{"url": "origin", "valueCode": "derived"}, {"url": "finding", "valueCode": "arm-weak-severe"}]


@everyone
def test_every_known_finding_is_listed_once_and_every_open_one_is_named(who: Patient) -> None:
    written, assessed = risk(who), who.assessment()
    listed = [parts(one, "finding")[0] for one in extensions(written, "input-used")]
    assert sorted(listed) == sorted(assessed.facts)
    assert [one["valueCode"] for one in extensions(written, "input-missing")] == list(assessed.missing)


TEST_DATA = [
    # patient, replay, labelled, comment
    ("ambulance", False, False, "a live call"),
    ("ambulance", True, True, "the caller set the moment"),
    ("one source alone", False, True, "a policy that is never live"),
]


@pytest.mark.parametrize(("who", "replay", "labelled", "comment"), TEST_DATA)
def test_a_replay_and_a_policy_that_is_not_live_are_labelled_as_test_data(
    who: str, replay: bool, labelled: bool, comment: str
) -> None:
    run = replace(RUN, replay=replay)
    for resource in results(patient(who), run=run).values():
        security = resource["meta"].get("security", [])
        assert [one["code"] for one in security] == (["HTEST"] if labelled else []), comment
        assert ("Test data" in resource["text"]["div"]) == labelled


def test_unread_text_is_noted_but_never_repeated_outside_the_narrative() -> None:
    written = risk(patient("ambulance"), free_texts=free_text("PRIVATE WORDS"))
    assert "no program has read" in written["note"][0]["text"]
    assert "PRIVATE WORDS" in written["text"]["div"]
    assert "PRIVATE WORDS" not in str({key: value for key, value in written.items() if key != "text"})
