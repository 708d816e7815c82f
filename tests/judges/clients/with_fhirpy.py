"""The steps as fhirpy takes them, by what it offers its users; it judges nothing."""

import json
from collections.abc import Callable
from typing import Any

from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import OperationOutcome, ResourceNotFound

from tests.judges.clients.seen import refused, triaged
from tests.judges.clients.steps import Json, Seen


class WithFhirpy:
    """Take steps one after the other; what was created is remembered."""

    def __init__(self, base: str, material: Json) -> None:
        self.base = base
        self.client = SyncFHIRClient(base)
        self.material = material
        self.created: Any = None

    def steps(self) -> dict[str, Callable[[], Seen]]:
        return {
            "metadata": self.metadata,
            "read the form": self.read_form,
            "triage a response": lambda: self.triage("triaged"),
            "triage parameters": lambda: self.triage("parameters"),
            "read what is not there": lambda: self.not_found("Questionnaire", "no-such-form"),
            "triage another form": lambda: self.refused(lambda: self.triage("foreign")),
            "create": self.create,
            "read": self.read,
            "create on a condition, twice": self.create_on_a_condition,
            "search with paging": self.search,
            "triage what is stored": lambda: triaged(self.created.execute("$triage"), self.material),
            "transaction": self.transaction,
            "read a response that is not there": lambda: self.not_found("QuestionnaireResponse", "no-such-response"),
            "create without a subject": lambda: self.refused(lambda: _saved(self.client, self.material["nobody"])),
        }

    def metadata(self) -> Seen:
        statement = self.client.execute("metadata", "get")
        return {"kind": statement.resourceType, "fhirVersion": statement.fhirVersion}

    def read_form(self) -> Seen:
        form = self.client.reference("Questionnaire", self.material["form"]).to_resource()
        return {"kind": form.resource_type, "url": form["url"]}

    def triage(self, name: str) -> Seen:
        answer = self.client.execute("QuestionnaireResponse/$triage", data=self.material[name])
        return triaged(answer, self.material)

    def not_found(self, kind: str, identity: str) -> Seen:
        try:
            self.client.reference(kind, identity).to_resource()
        except ResourceNotFound as error:
            return refused(None, json.loads(str(error)))
        return {}

    def refused(self, attempt: Callable[[], object]) -> Seen:
        """fhirpy hands on the OperationOutcome, and no status."""
        try:
            attempt()
        except OperationOutcome as error:
            return refused(None, error.resource)
        return {}

    def create(self) -> Seen:
        self.created = _saved(self.client, self.material["created"])
        meta = self.created["meta"]
        return {"kind": self.created.resource_type, "id": self.created.id, "version": meta["versionId"]}

    def read(self) -> Seen:
        found = self.client.reference("QuestionnaireResponse", self.created.id).to_resource()
        return {"id": found.id, "subject": found["subject"]["reference"]}

    def create_on_a_condition(self) -> Seen:
        """Send the condition where FHIR has it; fhirpy's `get_or_create` puts it into the address."""
        first, second = self.material["conditional"]
        identifier = first["identifier"]
        condition = f"identifier={identifier['system']}|{identifier['value']}"
        client = SyncFHIRClient(self.base, extra_headers={"If-None-Exist": condition})
        return {"ids": [_saved(client, one).id for one in (first, second)]}

    def search(self) -> Seen:
        for one in self.material["paged"]:
            _saved(self.client, one)
        subject = self.material["paged"][0]["subject"]["reference"]
        search = self.client.resources("QuestionnaireResponse").search(subject=subject)
        first = search.limit(self.material["page"]).fetch()
        every = list(search.limit(self.material["page"]))  # fhirpy follows every link `next` by itself
        return {"pages": [len(first)], "ids": [one.id for one in every]}

    def transaction(self) -> Seen:
        answer = _saved(self.client, self.material["transaction"])
        replies = [entry["response"] for entry in answer["entry"]]
        return {
            "statuses": [reply["status"] for reply in replies],
            "locations": [reply["location"] for reply in replies],
        }


def _saved(client: SyncFHIRClient, content: Json) -> Any:
    elements = {name: value for name, value in content.items() if name != "resourceType"}
    resource = client.resource(content["resourceType"], **elements)
    resource.save()
    return resource
