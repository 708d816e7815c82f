"""What the views need to answer, put together once at the start; it does nothing itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from service.edges.store.store import Store
from service.mapping.operations.terminology import Terminology
from service.mapping.search.shelf import Shelf
from service.settings import Settings
from service.usecases.answer import Answer
from service.usecases.caller import Caller
from service.usecases.operations import Operations
from service.usecases.responses import Responses
from service.web.published import Published


class TriageOperation(Protocol):
    """Triage the body of one ``$triage`` request; the use case behind it is built elsewhere."""

    def __call__(self, body: bytes) -> Answer:
        """Return the answer to a body in FHIR JSON; raise Refused for one that must not be triaged."""
        ...


@dataclass(frozen=True, slots=True)
class Storage:
    """Hold what a service that stores has: the store to read from, and the use case that writes."""

    store: Store
    responses: Responses


@dataclass(frozen=True, slots=True)
class Parts:
    """Hold what views need.

    ``documents`` are what the service says of itself, by the name of the route; ``packaged`` the resources of the
    package by type and id, which ``shelf`` searches. ``storage`` is None where nothing is stored. ``caller`` says who
    sends the request that is being answered. ``unproven`` says that the rules are not proven.
    """

    triage: TriageOperation
    settings: Settings
    shelf: Shelf
    storage: Storage | None
    documents: Mapping[str, Published]
    packaged: Mapping[tuple[str, str], Published]
    caller: Callable[[], Caller]
    terminology: Terminology
    unproven: bool = False
    operating: Operations | None = None

    @property
    def operations(self) -> Operations:
        """Return the operations beside ``$triage``; only routes that exist where there are any ask for them."""
        if self.operating is None:
            raise RuntimeError("a route that needs the operations is served without them")
        return self.operating

    @property
    def stored(self) -> Storage:
        """Return the storage; only routes that exist where something is stored ask for it."""
        if self.storage is None:
            raise RuntimeError("a route that needs storage is served without it")
        return self.storage
