"""Answers the operations beside ``$triage``: each reads its parameters, lets the mapping work, and stores nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.errors import Issue, Refused, refuse
from service.knowledge.model import RuleBook
from service.mapping.answered_facts import facts_of_answers
from service.mapping.answers import read_answers
from service.mapping.body import CONTEXT_TYPES, Resource
from service.mapping.context.record import facts_of_record
from service.mapping.gate.sizes import check_response
from service.mapping.gate.structure import check
from service.mapping.operations.apply import applied
from service.mapping.operations.extract import Codings, extracted
from service.mapping.operations.parameters import Given, Wanted, one, read_parameters
from service.mapping.operations.populate import populated, told
from service.mapping.response import faults_of_response, faults_with_questions, header_of, notices_of_response
from service.mapping.stored import instant
from service.mapping.writing.outcome import operation_outcome
from service.settings import Settings
from service.usecases.answer import Answer
from service.usecases.triage import now

RESPONSE = "QuestionnaireResponse"
VALIDATE = {"resource": Wanted("resource"), "mode": Wanted("valueCode"), "profile": Wanted("valueUri")}
EXTRACT = {"questionnaire-response": Wanted("resource", resource_type=RESPONSE)}
POPULATE = {
    "identifier": Wanted("valueIdentifier"),
    "questionnaire": Wanted("resource", resource_type="Questionnaire"),
    "questionnaireRef": Wanted("valueReference"),
    "subject": Wanted("valueReference"),
    "context": Wanted("part", repeats=True),
    "local": Wanted("valueBoolean"),
}
APPLY = {"subject": Wanted("valueString"), "data": Wanted("resource"), "encounter": Wanted("valueString")}
MODES = ("create", "update")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Operations:
    """Hold what the operations need: ``triage`` answers one body with plain data, ``codings`` are those of findings."""

    book: RuleBook
    settings: Settings
    triage: Callable[[bytes], Answer]
    codings: Codings
    clock: Callable[[], datetime] = now

    def validate(self, content: object, expected: str = "") -> Json:
        """Return an OperationOutcome with everything that is wrong with a resource, or that nothing is.

        ``expected`` is the type that the address names. A QuestionnaireResponse is held against our Questionnaire too.
        """
        given = _given(content, VALIDATE)
        mode = one(given, "mode")
        if mode is not None and mode not in MODES:
            raise refuse(422, "not-supported", f"met a mode that is not offered; allowed are {', '.join(MODES)}")
        resource = one(given, "resource")
        if not isinstance(resource, Mapping):
            raise refuse(400, "required", "the parameter 'resource' is missing")
        if expected and resource.get("resourceType") != expected:
            raise refuse(400, "invalid", f"the address names a {expected}, the body holds something else")
        issues = self._issues_of(resource)
        return operation_outcome(issues or (Issue("information", "informational", "nothing is wrong"),))

    def _issues_of(self, resource: Mapping[str, Any]) -> tuple[Issue, ...]:
        kind = str(resource.get("resourceType", "")) or "Resource"
        if kind != RESPONSE:
            return check(resource, kind)
        faults = check_response(resource, kind, self.settings.limits) or check(resource, kind)
        read = Resource(resource, "", kind, faults)
        if faults:
            return faults_with_questions(self.book.form, read)
        answers = read_answers(self.book.form, resource, kind)
        wrong = (*faults_of_response(self.book.form, read), *answers.issues)
        if wrong:
            return wrong
        answered = facts_of_answers(self.book, answers, resource["status"], kind)
        return (*notices_of_response(self.book.form, read), *answered.notices)

    def extract(self, content: object) -> Json:
        """Return what was answered as a transaction Bundle; with issues, Parameters that hold both."""
        response = one(read_parameters(content, EXTRACT, "questionnaire-response"), "questionnaire-response")
        if response is None:
            raise refuse(422, "required", "the parameter 'questionnaire-response' is missing")
        read = Resource(response, "", RESPONSE, check_response(response, RESPONSE, self.settings.limits))
        if read.faults:
            raise Refused(413, read.faults)
        answers = read_answers(self.book.form, response, RESPONSE)
        faults = (*faults_of_response(self.book.form, read), *answers.issues)
        if faults:
            raise Refused(422, faults)
        header = header_of(read, (), "", ())
        if header.subject is None:
            raise refuse(
                422, "required", "the response names no subject, and every resource needs one", f"{RESPONSE}.subject"
            )
        answered = facts_of_answers(self.book, answers, response["status"], RESPONSE)
        bundle = extracted(self.book, self.codings, answered.facts, header)
        issues = (*notices_of_response(self.book.form, read), *answered.notices)
        return _parameters({"return": bundle}, issues) if issues else bundle

    def populate(self, content: object) -> Json:
        """Return Parameters with a response that holds what the record says for sure, and what was done."""
        given = read_parameters(content, POPULATE)
        subject = one(given, "subject")
        if subject is None:
            raise refuse(422, "required", "the parameter 'subject' is missing")
        moment = self.clock()
        record = tuple(_record(given.get("context", ())))
        about = Resource({"resourceType": RESPONSE, "subject": subject}, "", RESPONSE, ())
        facts = facts_of_record(self.book, about, record, moment)
        response = populated(self.book.form, facts.facts, subject, instant(moment))
        return _parameters({"response": response}, (told(response), *facts.notices))

    def apply(self, content: object, dump: Callable[[object], bytes], stored: Callable[[str], bytes | None]) -> Json:
        """Return a CarePlan with its RequestGroup, from the response in ``data``, else the latest one ``stored``.

        ``stored`` gives the latest response of a subject, as ``Patient/id``. Raises Refused 404 without a response, 422
        where the policy suggests no plan.
        """
        given = read_parameters(content, APPLY)
        subject = one(given, "subject")
        if subject is None:
            raise refuse(422, "required", "the parameter 'subject' is missing; allowed is Patient/id")
        data = one(given, "data")
        body = stored(str(subject)) if data is None else dump(data)
        if body is None:
            raise refuse(404, "not-found", "no response of this subject is stored, and the parameter 'data' holds none")
        entries = self.triage(body).resource["entry"]
        by_type = {each["resource"]["resourceType"]: each["resource"] for each in _as_list(entries)}
        if "CarePlan" not in by_type:
            raise refuse(422, "business-rule", "there is no plan: the response is refused, or the policy is not live")
        if by_type["CarePlan"]["subject"].get("reference", subject) != subject:
            raise refuse(422, "business-rule", "the response is about another subject than the one that is named")
        return applied(by_type)


def _given(content: object, wanted: Mapping[str, Wanted]) -> Given:
    """Read the parameters of ``$validate``: the resource itself may be anything, as it is what is judged."""
    if not isinstance(content, Mapping) or content.get("resourceType") != "Parameters":
        return {"resource": (content,)}
    faults = check(content, "Parameters", is_envelope=True)
    if faults:
        raise Refused(400, faults)
    judged = [each.get("resource") for each in content.get("parameter", ()) if each.get("name") == "resource"]
    others = [each for each in content.get("parameter", ()) if each.get("name") != "resource"]
    given = read_parameters({"resourceType": "Parameters", "parameter": others} if others else EMPTY, wanted)
    return {**given, "resource": tuple(judged)}


EMPTY = {"resourceType": "Parameters", "id": "none"}


def _record(contexts: Sequence[Sequence[Mapping[str, Any]]]) -> list[Resource]:
    """Gather the resources of every context that the rules could read, a Bundle's entries among them."""
    record: list[Resource] = []
    for index, parts in enumerate(contexts):
        for part in parts:
            resource = part.get("resource")
            if part.get("name") == "content" and isinstance(resource, Mapping):
                place = f"Parameters.parameter.where(name = 'context')[{index}].part.resource"
                known = (each for each in _inside(resource, place) if each.get("resourceType") in CONTEXT_TYPES)
                record.extend(Resource(each, "", place, check(each, place)) for each in known)
    return record


def _inside(resource: Mapping[str, Any], place: str) -> list[Mapping[str, Any]]:
    """Return the resource, or what a Bundle holds; raise Refused (400) for a Bundle that is not R4."""
    if resource.get("resourceType") != "Bundle":
        return [resource]
    faults = check(resource, place, is_envelope=True)
    if faults:
        raise Refused(400, faults)
    held = (each.get("resource") for each in resource.get("entry", ()))
    return [each for each in held if isinstance(each, Mapping)]


def _parameters(resources: Mapping[str, Json], issues: Sequence[Issue]) -> Json:
    named = {**resources, "issues": operation_outcome(issues)}
    return {"resourceType": "Parameters", "parameter": [{"name": k, "resource": v} for k, v in named.items()]}


def _as_list(entries: object) -> list[Json]:
    return entries if isinstance(entries, list) else []
