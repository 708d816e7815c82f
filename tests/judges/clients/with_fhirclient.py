"""The steps as SMART's fhirclient takes them; it has no operations, so these go through its server's own post."""

from collections.abc import Callable

import requests
from fhirclient.models.bundle import Bundle
from fhirclient.models.capabilitystatement import CapabilityStatement
from fhirclient.models.operationoutcome import OperationOutcome
from fhirclient.models.questionnaire import Questionnaire
from fhirclient.models.questionnaireresponse import QuestionnaireResponse
from fhirclient.server import FHIRNotFoundException, FHIRServer

from tests.judges.clients.seen import refused, triaged
from tests.judges.clients.steps import Json, Seen


class WithFhirclient:
    """Take steps one after the other; what was created is remembered."""

    def __init__(self, base: str, material: Json) -> None:
        self.server = FHIRServer(None, base)
        self.material = material
        self.created = ""

    def steps(self) -> dict[str, Callable[[], Seen]]:
        return {
            "metadata": self.metadata,
            "read the form": self.read_form,
            "triage a response": lambda: self.triage("QuestionnaireResponse/$triage", "triaged"),
            "triage parameters": lambda: self.triage("QuestionnaireResponse/$triage", "parameters"),
            "read what is not there": lambda: self.failed(lambda: Questionnaire.read("no-such-form", self.server)),
            "triage another form": lambda: self.failed(lambda: self.triage("QuestionnaireResponse/$triage", "foreign")),
            "create": self.create,
            "read": self.read,
            "create on a condition, twice": self.create_on_a_condition,
            "search with paging": self.search,
            "triage what is stored": lambda: self.shown(
                self.server.request_json(f"QuestionnaireResponse/{self.created}/$triage")
            ),
            "transaction": self.transaction,
            "read a response that is not there": lambda: self.failed(
                lambda: QuestionnaireResponse.read("no-such-response", self.server)
            ),
            "create without a subject": lambda: self.failed(lambda: self.made(self.material["nobody"])),
        }

    def metadata(self) -> Seen:
        statement: CapabilityStatement = self.server.capabilityStatement
        return {"kind": statement.resource_type, "fhirVersion": statement.fhirVersion}

    def read_form(self) -> Seen:
        form = Questionnaire.read(self.material["form"], self.server)
        return {"kind": form.resource_type, "url": form.url}

    def triage(self, path: str, name: str) -> Seen:
        return self.shown(self.server.post_json(path, self.material[name]).json())

    def shown(self, answer: Json) -> Seen:
        """Read the results through the client's own models, which are strict."""
        return triaged(Bundle(answer).as_json(), self.material)

    def failed(self, attempt: Callable[[], object]) -> Seen:
        try:
            attempt()
        except FHIRNotFoundException as error:
            return refused(error.response.status_code, OperationOutcome(error.response.json()).as_json())
        except requests.HTTPError as error:
            return refused(error.response.status_code, OperationOutcome(error.response.json()).as_json())
        return {}

    def made(self, content: Json) -> QuestionnaireResponse:
        return QuestionnaireResponse(QuestionnaireResponse(content).create(self.server))

    def create(self) -> Seen:
        made = self.made(self.material["created"])
        self.created = made.id
        return {"kind": made.resource_type, "id": made.id, "version": made.meta.versionId}

    def read(self) -> Seen:
        found = QuestionnaireResponse.read(self.created, self.server)
        return {"id": found.id, "subject": found.subject.reference}

    def create_on_a_condition(self) -> Seen:
        first, second = self.material["conditional"]
        identifier = first["identifier"]
        self.server.session.headers["If-None-Exist"] = f"identifier={identifier['system']}|{identifier['value']}"
        ids = [self.made(one).id for one in (first, second)]
        del self.server.session.headers["If-None-Exist"]
        return {"ids": ids}

    def search(self) -> Seen:
        for one in self.material["paged"]:
            self.made(one)
        wanted = {"subject": self.material["paged"][0]["subject"]["reference"], "_count": str(self.material["page"])}
        pages = list(QuestionnaireResponse.where(wanted).perform_iter(self.server))
        return {
            "pages": [len(page.entry) for page in pages],
            "ids": [entry.resource.id for page in pages for entry in page.entry],
        }

    def transaction(self) -> Seen:
        answer = Bundle(Bundle(self.material["transaction"]).create(self.server))
        replies = [entry.response for entry in answer.entry]
        return {"statuses": [reply.status for reply in replies], "locations": [reply.location for reply in replies]}
