"""Sends single requests to a running service and keeps each answer under its route; it knows no plan of requests."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from service.mapping.xml_writer import to_xml
from service.web.negotiation import FHIR_XML
from tests.judges.rest.bodies import Json
from tests.mapping.responses import as_bytes
from tests.stored_server import Reply, Service


@dataclass(frozen=True, slots=True)
class Recorded:
    """One answer: to which route and request, its status, its media type, and its body."""

    route: str
    asked: str
    status: int
    media_type: str
    body: bytes

    @property
    def is_subset(self) -> bool:
        """Tell whether elements were left out because the request asked for it."""
        return self.status == 200 and any(part in self.asked for part in ("_summary=t", "_summary=d", "_elements="))

    @property
    def is_resource(self) -> bool:
        """Tell whether there is a body, and it says that it is FHIR's."""
        return bool(self.body) and self.media_type != "application/json"

    @property
    def name(self) -> str:
        return "xml" if "xml" in self.media_type else "json"


@dataclass(slots=True)
class Recorder:
    """Send requests to a service and keep each answer under its route of the OpenAPI document."""

    service: Service
    kept: list[Recorded] = field(default_factory=list)
    routes: dict[str, re.Pattern[str]] = field(default_factory=dict)

    def learn(self) -> None:
        """Read the routes from the service itself."""
        paths: Mapping[str, Any] = self.service.send("GET", "/openapi.json").resource["paths"]
        for path, methods in paths.items():
            shape = re.compile(re.sub(r"\\{\w+\\}", "[A-Za-z0-9.-]{1,64}", re.escape(path)))
            self.routes.update({f"{method.upper()} {path}": shape for method in methods})

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        """Send one request; a body that is no bytes is written as JSON."""
        content = body if body is None or isinstance(body, bytes) else as_bytes(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.service.send(method, path, content, **named)
        media_type = answer.headers.get("content-type", "").partition(";")[0]
        route = self._route(method, path.partition("?")[0])
        form = f"?{content.decode()}" if content is not None and path.endswith("/_search") else ""
        self.kept.append(Recorded(route, f"{method} {path}{form}", answer.status, media_type, answer.body))
        return answer

    def get(self, path: str, *queries: str) -> None:
        for query in queries or ("",):
            self.send("GET", f"{path}?{query}" if query else path)

    def post(self, path: str, body: Any) -> Reply:
        """Post a sound body as JSON, and as XML, which is also how the second answer comes."""
        answer = self.send("POST", path, body)
        self.send("POST", path, to_xml(plain(body)), Content_Type=FHIR_XML, Accept=FHIR_XML)
        return answer

    def _route(self, method: str, path: str) -> str:
        """Name the route; an operation before an id, as it is more particular. What is no route has no name."""
        met = [name for name, shape in self.routes.items() if shape.fullmatch(path) and name.startswith(f"{method} ")]
        return max(met, key=lambda name: (name.count("$"), "{" not in name), default="no route")


def plain(content: Json) -> Json:
    """Return a body as plain JSON, whose decimals keep their digits."""
    read: Json = json.loads(as_bytes(content), parse_float=Decimal)
    return read
