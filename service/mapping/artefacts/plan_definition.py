"""Writes the rules as a PlanDefinition: per rule what it proposes where it fires, and what while it is undecided."""

from collections.abc import Iterator
from typing import Any

from service.knowledge.model import Rule, RuleBook, Statement
from service.mapping.artefacts.fhirpath import RESPONSE, fhirpath
from service.mapping.artefacts.fhirpath_facts import Findings, doubting, findings_of, verdict
from service.mapping.artefacts.fhirpath_formula import FALSE, TRUE, Formula, all_of, opposite
from service.mapping.artefacts.publication import published
from service.mapping.canonical import BASE, QUESTIONNAIRE
from service.mapping.writing.codings import level_concept
from service.mapping.writing.words import source_words

POLICY = "strictest"
"""The policy whose levels are published: no live policy asks for more."""

NAME = "upper-back-pain"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
UNDECIDED = "-undecided"
DOUBTED = "-only-reassurance-open"
TITLES = {"": "{}", UNDECIDED: "Undecided: {}", DOUBTED: "Only a reassurance is open: {}"}
DESCRIPTION = f"""\
One action per rule, true where the rule fires. Beside each rule that asks for an appointment or more stands a second, \
true where open questions leave the rule undecided, with the level that this lifts the result to; and where the rule \
would fire but for a reassurance that nobody gave, a third, with the level of the rule itself. The level of a result \
is the highest of all actions that apply, by the policy {POLICY}.

Conditions read the variable `%{RESPONSE}`, the input of the action that holds them: a QuestionnaireResponse that is \
valid for the Questionnaire, so that a question that the form does not show has no answer. They are FHIRPath that is \
also CQL. Every condition is true or false, never empty; an unanswered question is never read as no.

Not judged here: how old the answers are, the patient's record, causes and plan, which the operation $triage adds. Not \
a diagnosis; not reviewed by a clinician."""

Resource = dict[str, Any]


def plan_definition(book: RuleBook) -> Resource:
    """Build the PlanDefinition of a book; CarePlans name it with the version of the book.

    The Library is no ``library`` of it: engines look there for logic, and each condition stands for itself.
    """
    depends_on = (f"{QUESTIONNAIRE}|{book.form.version}", f"{BASE}/Library/{NAME}|{book.version}")
    return {
        **published("PlanDefinition", NAME, "Triage of upper back pain", book.version),
        "type": {"coding": [{"system": f"{TERMINOLOGY}/plan-definition-type", "code": "eca-rule"}]},
        "subjectCodeableConcept": {"coding": [{"system": "http://hl7.org/fhir/resource-types", "code": "Patient"}]},
        "description": DESCRIPTION,
        "relatedArtifact": [{"type": "depends-on", "resource": one} for one in depends_on],
        "action": [_triage(book)],
    }


def response_requirement() -> Resource:
    """Write what every condition needs: the response to the form."""
    return {"type": "QuestionnaireResponse", "mustSupport": ["questionnaire", "item"]}


def _triage(book: RuleBook) -> Resource:
    findings = findings_of(book)
    doubted = doubting(book, findings)
    actions = [one for rule in book.rules.values() for one in _actions(book, rule, findings, doubted)]
    return {
        "id": "triage",
        "title": "Triage a response",
        "trigger": [{"type": "data-added", "data": [response_requirement()]}],
        "input": [{"id": RESPONSE, **response_requirement()}],
        "groupingBehavior": "logical-group",
        "selectionBehavior": "any",
        "action": actions,
    }


def _actions(book: RuleBook, rule: Rule, findings: Findings, doubted: Findings) -> Iterator[Resource]:
    asks = book.rule_levels[POLICY][rule.id]
    known = verdict(rule.when, findings)
    yield _action(book, rule, "", asks, known.true)
    lifted = _lifted(book, asks)
    if not lifted:
        return
    if known.open not in (TRUE, FALSE):
        yield _action(book, rule, UNDECIDED, lifted, known.open)
    would_fire = verdict(rule.when, doubted, doubt=True).true
    if lifted != asks and would_fire != known.true:
        yield _action(book, rule, DOUBTED, asks, all_of([would_fire, opposite(known.true)]))


def _lifted(book: RuleBook, asks: str) -> str:
    """Name the level that an undecided rule lifts the result to, as the engine does; empty where it lifts nothing."""
    if not asks or book.levels[asks].rank < book.levels["appointment"].rank:
        return ""
    return "within-24h" if book.levels[asks].rank >= book.levels["emergency"].rank else "appointment"


def _action(book: RuleBook, rule: Rule, kind: str, level: str, condition: Formula) -> Resource:
    expression = {"language": "text/fhirpath", "expression": fhirpath(book.form, condition)}
    return {
        "id": f"{rule.id}{kind}",
        "title": TITLES[kind].format(rule.title),
        **({"description": rule.limits} if rule.limits and not kind else {}),
        **({"priority": book.levels[level].priority} if level else {}),
        "code": [_rule_concept(rule), *([level_concept(book, level)] if level else [])],
        **({"documentation": list(_citations(book, rule))} if not kind else {}),
        "condition": [{"kind": "applicability", "expression": expression}],
        **_proposes(book, level),
    }


def _rule_concept(rule: Rule) -> Resource:
    return {"coding": [{"system": f"{BASE}/CodeSystem/rule", "code": rule.id, "display": rule.title}]}


def _proposes(book: RuleBook, level: str) -> Resource:
    """Name the activity of the level; one without a kind, as self-care, is no request that an engine could make."""
    activity = next((one for one in book.activities.values() if level and one.level == level), None)
    if activity is None or not activity.kind:
        return {}
    return {"definitionCanonical": f"{BASE}/ActivityDefinition/{activity.id}|{book.version}"}


def _citations(book: RuleBook, rule: Rule) -> Iterator[Resource]:
    for statement in (*rule.statements, *rule.supports):
        yield citation(book, book.statements[statement])


def citation(book: RuleBook, statement: Statement) -> Resource:
    """Write who says something, with title and date, and what; no address is known of any source."""
    said = statement.says or statement.when
    return {
        "type": "citation",
        "label": statement.id,
        "display": book.sources[statement.source].name,
        "citation": f"{source_words(book.sources[statement.source])}: {said}",
    }
