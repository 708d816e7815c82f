"""The servers that ours is measured beside, on the same gunicorn: an empty route, JSON echo, and a straightforward one.

The straightforward one is what the named libraries suggest: fhir.resources parses, fhirpathpy judges the published
conditions of the PlanDefinition, fhir.resources builds the result. It is no oracle: it only costs what it costs.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse
from fhir.resources.R4B.riskassessment import RiskAssessment
from fhirpathpy import compile as compile_path
from fhirpathpy.models import models
from flask import Flask, Response, request

from service.mapping.writing.kept import Kept
from service.settings import Settings
from service.usecases.served import served_resources
from service.usecases.triage import Triage
from service.web.app import create_app
from service.web.gunicorn import TriageApplication, gunicorn_options
from tests.bench.copied_rules import with_copies
from tests.judges.conditions import PLAN, actions_of
from tests.mapping.responses import BOOK

FHIR_JSON = "application/fhir+json"


def empty() -> Flask:
    """Answer nothing, at once."""
    app = Flask("empty")
    app.add_url_rule("/", view_func=lambda: Response(b"{}", content_type=FHIR_JSON), methods=["POST"])
    return app


def echo() -> Flask:
    """Parse the JSON of the body and write it again."""
    app = Flask("echo")

    def view() -> Response:
        return Response(json.dumps(json.loads(request.get_data())), content_type=FHIR_JSON)

    app.add_url_rule("/", view_func=view, methods=["POST"])
    return app


def straightforward() -> Flask:
    """Parse with fhir.resources, judge each rule's published condition with fhirpathpy, build with fhir.resources.

    Whether a rule is undecided is not asked: whoever takes the straightforward way would not think of it.
    """
    app = Flask("straightforward")
    conditions = [
        (action["id"], compile_path(action["condition"][0]["expression"]["expression"], models["r4"]))
        for action in actions_of(PLAN)
        if action["id"] in BOOK.rules
    ]

    def view() -> Response:
        sent = json.loads(request.get_data())
        response: Any = _response_of(sent)
        as_json = json.loads(response.model_dump_json())
        fired = [name for name, holds in conditions if holds(as_json, {"response": as_json}) == [True]]
        result = RiskAssessment.model_validate(
            {
                "status": "preliminary",
                "subject": as_json["subject"],
                "note": [{"text": name} for name in fired] or None,
            }
        )
        return Response(result.model_dump_json(), content_type=FHIR_JSON)

    app.add_url_rule("/", view_func=view, methods=["POST"])
    return app


def _response_of(sent: dict[str, Any]) -> Any:
    if sent["resourceType"] != "Bundle":
        return QuestionnaireResponse.model_validate(sent)
    entries: Any = Bundle.model_validate(sent).entry
    return next(each.resource for each in entries if each.resource.get_resource_type() == "QuestionnaireResponse")


def of_rules(copies: int, *, silent: bool = False) -> Flask:
    """Serve ``$triage`` alone, with so many copies of each rule."""
    book = with_copies(BOOK, copies, silent=silent)
    settings = Settings()
    return create_app(Triage(book, settings, kept=Kept()), settings, served_resources(BOOK))


APPS: dict[str, Callable[[], Flask]] = {
    "empty": empty,
    "echo": echo,
    "straightforward": straightforward,
    "rules": partial(of_rules, 1),
    "ten times the rules": partial(of_rules, 10),
    "ten times, silent": partial(of_rules, 10, silent=True),
}


def main(name: str, port: int) -> None:
    """Run one of them with the very options that the service runs with, on one worker."""
    settings = replace(Settings(), port=port, workers=1)
    TriageApplication(APPS[name](), gunicorn_options(settings)).run()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
