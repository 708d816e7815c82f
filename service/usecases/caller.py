"""Who asks: the tenant whose data it is, the agent that sends, what it may do; never read from a body."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caller:
    """Name the caller of a use case; the web layer makes it from the token, or takes these defaults without one.

    ``scopes`` are SMART v2 scopes, None where nobody is asked for a token. ``request_id`` is the X-Request-Id,
    ``address`` the IP address that the request came from, for the AuditEvent alone, and ``base`` the FHIR base address
    that it named, with which what is stored may be referred to; both are empty where they are not known.
    """

    tenant: str = "default"
    agent: str = "anonymous"
    scopes: frozenset[str] | None = None
    request_id: str = ""
    address: str = ""
    base: str = ""
