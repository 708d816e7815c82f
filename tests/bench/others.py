"""The servers that ours is measured beside, on the same gunicorn: an empty route, JSON echo, and a straightforward one.

The straightforward one is what the named libraries suggest: fhir.resources parses, fhirpathpy judges the published
conditions of the PlanDefinition, fhir.resources builds the result. It is no oracle: it only costs what it costs.
"""

import json
import sys
from pathlib import Path
from typing import Any

from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse
from fhir.resources.R4B.riskassessment import RiskAssessment
from fhirpathpy import compile as compile_path
from fhirpathpy.models import models
from flask import Flask, Response, request
from gunicorn.app.base import BaseApplication

FHIR_JSON = "application/fhir+json"
PLAN = Path(__file__).parents[2] / "fhir_profiles" / "PlanDefinition-upper-back-pain.json"


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
    """Parse with fhir.resources, judge each published condition with fhirpathpy, build with fhir.resources."""
    app = Flask("straightforward")
    plan = json.loads(PLAN.read_text("utf-8"))
    conditions = [
        (action["id"], compile_path(action["condition"][0]["expression"]["expression"], models["r4"]))
        for action in plan["action"]
    ]

    def view() -> Response:
        sent = json.loads(request.get_data())
        response: Any = _response_of(sent)
        as_json = json.loads(response.model_dump_json())
        fired = [name for name, holds in conditions if holds(as_json) == [True]]
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
    entries = Bundle.model_validate(sent).entry
    return next(each.resource for each in entries if each.resource.get_resource_type() == "QuestionnaireResponse")


APPS = {"empty": empty, "echo": echo, "straightforward": straightforward}


class Server(BaseApplication):
    """Run one of them with the options that the service itself runs with."""

    def __init__(self, name: str, port: int) -> None:
        self.name, self.port = name, port
        super().__init__()

    def load_config(self) -> None:
        options = {"bind": f"127.0.0.1:{self.port}", "workers": 1, "threads": 4, "worker_class": "gthread"}
        for name, value in {**options, "preload_app": True, "keepalive": 5, "loglevel": "warning"}.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return APPS[self.name]()


if __name__ == "__main__":
    Server(sys.argv[1], int(sys.argv[2])).run()
