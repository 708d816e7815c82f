"""The PlanDefinition and the Library: each rule has its actions, with level, citations and the version of the book."""

import pytest
from fhir.resources.R4B.library import Library
from fhir.resources.R4B.plandefinition import PlanDefinition

from service.engine.assess import assess
from service.mapping.artefacts.fhirpath import RESPONSE
from service.mapping.artefacts.library import library
from service.mapping.artefacts.plan_definition import DOUBTED, POLICY, UNDECIDED, plan_definition
from service.mapping.canonical import BASE, QUESTIONNAIRE
from service.mapping.gate.structure import check
from service.mapping.writing.json_bytes import dump
from service.usecases.profiles import resources
from tests.judges.fhirpath_responses import responses
from tests.mapping.reading import facts_of
from tests.mapping.responses import BOOK, Json
from tests.mapping.writing.patients import PATIENTS, RUN, entries, header

PLAN: Json = plan_definition(BOOK)
LIBRARY: Json = library(BOOK)
TRIAGE: Json = PLAN["action"][0]
ACTIONS: dict[str, Json] = {action["id"]: action for action in TRIAGE["action"]}
LEVELS = BOOK.rule_levels[POLICY]


def level_of(action: Json) -> str:
    """Return the triage level of an action; empty where it has none."""
    codes = [coding for concept in action["code"] for coding in concept["coding"]]
    return next((one["code"] for one in codes if one["system"] == f"{BASE}/CodeSystem/triage-level"), "")


def rank(level: str) -> int:
    return BOOK.levels[level].rank if level else 0


def test_both_are_valid_r4_by_the_gate_and_by_a_second_model() -> None:
    assert check(PLAN, "PlanDefinition") == ()
    assert check(LIBRARY, "Library") == ()
    PlanDefinition.model_validate_json(dump(PLAN))
    Library.model_validate_json(dump(LIBRARY))


def test_both_are_among_the_artefacts() -> None:
    made = {f"{one['resourceType']}/{one['id']}": one for one in resources(BOOK)}
    assert made["PlanDefinition/upper-back-pain"] == PLAN
    assert made["Library/upper-back-pain"] == LIBRARY


def test_care_plans_name_the_plan_definition_with_its_version() -> None:
    plans = [one for one in entries(PATIENTS[0], header(), RUN) if one["resource"]["resourceType"] == "CarePlan"]
    assert [one["resource"]["instantiatesCanonical"] for one in plans] == [[f"{PLAN['url']}|{PLAN['version']}"]]


def test_each_rule_has_one_action_with_its_words_code_and_level() -> None:
    fired = {name: one for name, one in ACTIONS.items() if not name.endswith((UNDECIDED, DOUBTED))}
    assert list(fired) == list(BOOK.rules)
    for rule in BOOK.rules.values():
        action = fired[rule.id]
        assert action["title"] == rule.title
        assert action["code"][0]["coding"][0] == {
            "system": f"{BASE}/CodeSystem/rule",
            "code": rule.id,
            "display": rule.title,
        }
        assert level_of(action) == LEVELS[rule.id]


def test_no_action_comes_twice() -> None:
    assert len(ACTIONS) == len(TRIAGE["action"])


def test_each_rule_that_lifts_has_an_action_for_being_undecided() -> None:
    """All from appointment up but the one that no answer decides: how old the answers are is not judged here."""
    lifting = {rule for rule, level in LEVELS.items() if rank(level) >= rank("appointment")}
    has = {name.removesuffix(UNDECIDED) for name in ACTIONS if name.endswith(UNDECIDED)}
    never_open = {"unread-text", "old-answers"}
    assert has == lifting - never_open
    assert {rule for rule, level in LEVELS.items() if rank(level) >= rank("within-24h")} <= has


@pytest.mark.parametrize(
    ("asks", "lifted"),
    [
        # a rule of this level, undecided, lifts to that
        ("ambulance", "within-24h"),
        ("emergency", "within-24h"),
        ("within-24h", "appointment"),
        ("appointment", "appointment"),
    ],
)
def test_an_undecided_rule_holds_the_level_it_lifts_to(asks: str, lifted: str) -> None:
    rules = [rule for rule, level in LEVELS.items() if level == asks and f"{rule}{UNDECIDED}" in ACTIONS]
    assert rules
    assert {level_of(ACTIONS[f"{rule}{UNDECIDED}"]) for rule in rules} == {lifted}


def test_the_levels_are_those_the_engine_lifts_to() -> None:
    met = set()
    for content in responses(150, seed=3):
        for traced in assess(BOOK, facts_of(content), POLICY).trace:
            if traced.verdict == "undecided" and traced.lifts_to:
                names = [f"{traced.rule}{kind}" for kind in (UNDECIDED, DOUBTED)]
                levels = [level_of(ACTIONS[name]) for name in names if name in ACTIONS]
                assert traced.lifts_to in levels or traced.rule == "old-answers"
                met.add(traced.lifts_to)
    assert met >= {"within-24h", "appointment"}


def test_where_only_a_reassurance_is_open_the_rules_own_level_stands() -> None:
    doubted = [name.removesuffix(DOUBTED) for name in ACTIONS if name.endswith(DOUBTED)]
    assert "breath-pain-not-explained" in doubted
    assert [level_of(ACTIONS[f"{rule}{DOUBTED}"]) for rule in doubted] == [LEVELS[rule] for rule in doubted]


def test_each_action_has_one_condition_and_proposes_the_activity_of_its_level() -> None:
    activities = {f"{BASE}/ActivityDefinition/{one.id}|{BOOK.version}": one for one in BOOK.activities.values()}
    for action in ACTIONS.values():
        (condition,) = action["condition"]
        assert condition["kind"] == "applicability"
        assert condition["expression"]["language"] == "text/fhirpath"
        level = level_of(action)
        assert ("priority" in action) == bool(level)
        assert ("definitionCanonical" in action) == (level not in ("", "self-care"))
        if level:
            assert action["priority"] == BOOK.levels[level].priority
        if "definitionCanonical" in action:
            proposed = activities[action["definitionCanonical"]]
            assert proposed.level == level
            assert proposed.kind, "without a kind no engine can make a request of it"


def test_each_rule_cites_every_statement_with_publisher_title_and_date_and_no_address() -> None:
    for rule in BOOK.rules.values():
        cited = ACTIONS[rule.id]["documentation"]
        assert [one["label"] for one in cited] == [*rule.statements, *rule.supports]
        for one in cited:
            source = BOOK.sources[BOOK.statements[one["label"]].source]
            assert one["type"] == "citation"
            assert one["display"] == source.name
            assert source.name[1:] in one["citation"]
            assert not one.keys() & {"url", "document", "resource"}


def test_the_response_is_trigger_and_input_under_the_name_that_conditions_use() -> None:
    assert [one["type"] for one in TRIAGE["trigger"][0]["data"]] == ["QuestionnaireResponse"]
    assert [(one["id"], one["type"]) for one in TRIAGE["input"]] == [(RESPONSE, "QuestionnaireResponse")]
    for action in ACTIONS.values():
        text = action["condition"][0]["expression"]["expression"]
        assert f"%{RESPONSE}." in text or text == "false"


def test_the_library_names_the_rule_book_by_version_and_digest() -> None:
    assert LIBRARY["version"] == PLAN["version"] == BOOK.version
    assert [one["value"] for one in LIBRARY["identifier"]] == [BOOK.digest]
    assert {one["resource"] for one in PLAN["relatedArtifact"]} == {
        f"{QUESTIONNAIRE}|{BOOK.form.version}",
        f"{LIBRARY['url']}|{LIBRARY['version']}",
    }
    composed = {one["resource"] for one in LIBRARY["relatedArtifact"] if one["type"] == "composed-of"}
    assert f"{PLAN['url']}|{PLAN['version']}" in composed


def test_the_library_cites_every_source_that_a_rule_rests_on() -> None:
    cited = {one["label"] for one in LIBRARY["relatedArtifact"] if one["type"] == "citation"}
    named = {one for rule in BOOK.rules.values() for one in (*rule.statements, *rule.supports)}
    assert cited == {BOOK.statements[one].source for one in named}
