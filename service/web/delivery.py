"""What happens to answers on their way out: compression, headers for browsers, a limit of requests; never content."""

import gzip
from collections.abc import Callable, Iterable

from flask import Flask, Response, request
from werkzeug.exceptions import TooManyRequests

from service.settings import Settings

WORTH_COMPRESSING = 2048
"""Below this size, in bytes, a compressed answer takes no fewer packets."""
FASTEST = 1

REQUEST_HEADERS = (
    "Accept, Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Exist, If-None-Match, Prefer, "
    "X-Request-Id"
)
RESPONSE_HEADERS = (
    "Content-Location, ETag, Last-Modified, Location, Preference-Applied, Retry-After, X-Correlation-Id, X-Request-Id"
)
SECONDS_TO_REMEMBER = 3600


def compress(response: Response) -> Response:
    """Compress an answer where the client takes gzip and it is large enough to be worth it."""
    response.headers.add("Vary", "Accept, Accept-Encoding")
    # The cheap question first: most clients between machines ask for no compression at all.
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return response
    if request.accept_encodings["gzip"] <= 0 or response.status_code in (204, 304):
        return response
    body = response.get_data()
    if len(body) < WORTH_COMPRESSING:
        return response
    response.set_data(gzip.compress(body, FASTEST, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    return response


def allow_origins(app: Flask, origins: Iterable[str], methods: Iterable[str]) -> None:
    """Let pages of these origins call the service; without any, nothing is added and OPTIONS is not offered.

    No cookie is ever read, so credentials are not allowed, and ``*`` is safe where the network is.
    """
    allowed = frozenset(origins)
    offered = ", ".join(sorted({*methods, "HEAD"}))

    def preflight() -> Response | None:
        if request.method != "OPTIONS" or "Access-Control-Request-Method" not in request.headers or not _origin():
            return None
        response = Response(status=204)
        response.headers["Access-Control-Allow-Methods"] = offered
        response.headers["Access-Control-Allow-Headers"] = REQUEST_HEADERS
        response.headers["Access-Control-Max-Age"] = str(SECONDS_TO_REMEMBER)
        return response

    def name_origin(response: Response) -> Response:
        response.vary.add("Origin")
        origin = _origin()
        if origin:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = RESPONSE_HEADERS
        return response

    def _origin() -> str:
        origin = request.headers.get("Origin", "")
        if "*" in allowed and origin:
            return "*"
        return origin if origin in allowed else ""

    if allowed:
        app.before_request(preflight)
        app.after_request(name_origin)


def limit_requests(app: Flask, settings: Settings, unlimited: Callable[[str], bool]) -> None:
    """Answer 429 to an address that sends more than is allowed; ``unlimited`` names paths that are never counted.

    Each worker counts by itself, in memory: this keeps one client from starving the others, and is no protection
    against an attack.
    """
    if not settings.requests_per_minute:
        return
    # Imported here: a server that limits nobody starts without it.
    from limits import RateLimitItemPerMinute  # noqa: PLC0415
    from limits.storage import MemoryStorage  # noqa: PLC0415
    from limits.strategies import FixedWindowRateLimiter  # noqa: PLC0415

    window = FixedWindowRateLimiter(MemoryStorage())
    item = RateLimitItemPerMinute(settings.requests_per_minute)

    def count() -> None:
        if not unlimited(request.path) and not window.hit(item, request.remote_addr or ""):
            raise TooManyRequests

    app.before_request(count)
