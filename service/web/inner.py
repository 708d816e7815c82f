"""Answers one entry of a batch as the service answers a request of its own: the same routes, checks and refusals."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, Request
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

from service.web.route import FHIR

PASSED_ON = ("Authorization", "Prefer", "X-Request-Id")


@dataclass(frozen=True, slots=True)
class Inner:
    """The answer to one entry: status, headers and body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def answer_inner(
    app: Flask, outer: Request, method: str, address: str, headers: Mapping[str, str], body: bytes
) -> Inner:
    """Send a request through the whole application, in the name of whoever sent the Bundle.

    ``address`` is relative to the FHIR base, with its query.
    """
    path, _, query = address.partition("?")
    sent = Headers({name: outer.headers[name] for name in PASSED_ON if name in outer.headers})
    sent.update({"Accept": "application/fhir+json", **headers})
    builder = EnvironBuilder(
        path=f"{FHIR}/{path}",
        base_url=outer.host_url,
        query_string=query,
        method=method,
        headers=sent,
        data=body,
        content_type="application/fhir+json" if body else None,
        environ_base={"REMOTE_ADDR": outer.remote_addr or ""},
    )
    try:
        pieces, status, answered = run_wsgi_app(app.wsgi_app, builder.get_environ(), buffered=True)
        return Inner(int(status.split(" ", 1)[0]), dict(answered), b"".join(pieces))
    finally:
        builder.close()
