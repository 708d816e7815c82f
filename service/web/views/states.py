"""Views for whoever watches the service: does it live, is it ready, is the store up; they show nothing of a patient."""

from flask import Response, request

from service.edges.store.records import UPGRADE, StoreBehind, StoreDown
from service.mapping.writing.json_bytes import dump
from service.web.parts import Parts
from service.web.replies import RETRY_SECONDS
from service.web.route import Route


def live(_parts: Parts, _route: Route) -> Response:
    """Answer that the process answers."""
    return _state({"status": "alive"})


def ready(parts: Parts, _route: Route) -> Response:
    """Answer that the rule book is loaded, and how the store is; 503 where it is down and ``store=1`` asks for it.

    The application is built only when the rule book has loaded, so whoever can answer is ready: triage needs no store.
    """
    store = _store(parts)
    is_failing = store["store"] in ("down", "behind")
    if is_failing and request.args.get("store") == "1":
        response = _state({"status": "not ready", **store}, 503)
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response
    status = "ready, with unproven rules" if parts.unproven else "ready"
    return _state({"status": status, **store})


def _store(parts: Parts) -> dict[str, str]:
    if parts.storage is None:
        return {"store": "off"}
    try:
        parts.storage.store.ping()
    except StoreBehind:
        return {"store": "behind", "remedy": UPGRADE}
    except StoreDown:
        return {"store": "down"}
    return {"store": "up"}


def _state(content: dict[str, str], status: int = 200) -> Response:
    return Response(dump(content), status, content_type="application/json")
