"""The view that searches one type, of the package or stored, and answers with a searchset."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Response, request

from service.errors import refuse
from service.mapping.search.index import values_of
from service.mapping.search.parameters import PACKAGE_TYPES, STORED_TYPES
from service.mapping.search.query import Query
from service.mapping.search.read_query import FORM_PARAMETERS, Search, read_search
from service.mapping.search.shelf import Found
from service.mapping.search.subset import Subset
from service.usecases.accesses import Asked
from service.usecases.caller import Caller
from service.web.asked import base_address, form_of, search_sent
from service.web.audit import record_found
from service.web.authorise import may
from service.web.bundles import Answered, searchset
from service.web.negotiation import READ_VERSIONS
from service.web.paging import CURSOR, links, read_cursor
from service.web.parts import Parts
from service.web.prefer import applied, read_prefer
from service.web.replies import plain, reply
from service.web.route import Route

Resource = Mapping[str, Any]

MOST_COUNTED = 1000
"""A total above is left out, unless ``_total=accurate`` asks for it: to count is to read all there is."""


def search(parts: Parts, route: Route) -> Response:
    """Answer a search, sent as GET or as a posted form."""
    sent = search_sent(request, parts.settings)
    parameters = sent.parameters
    form = form_of(request, parameters, READ_VERSIONS)
    preference = read_prefer(request.headers.getlist("Prefer"))
    base = base_address(request, parts.settings)
    pairs = [(name, value) for name, value in parameters.items(multi=True) if name != CURSOR]
    asked = read_search(route.resource_type, pairs, base, strict=preference.is_strict)
    cursors = parameters.getlist(CURSOR)
    if len(cursors) > 1:
        raise refuse(400, "value", "_cursor was given more than once; allowed: once.")
    if cursors:
        cursor = read_cursor(cursors[0], asked.used, len(asked.query.sort))
        asked = replace(asked, query=replace(asked.query, cursor=cursor))
    page = _Searching(parts, parts.caller()).page(asked)
    if route.resource_type in STORED_TYPES:
        asked_for = Asked(query=sent.written, patients=tuple(_patients_of(asked)))
        record_found(parts, route, asked_for, (*page.found.resources, *page.included))
    form_pairs = [(name, value) for name, value in pairs if name in FORM_PARAMETERS]
    around = links(f"{base}/{route.resource_type}", asked.used, page.found.next, page.found.previous, form_pairs)
    answered = Answered(page.found.resources, page.included, page.found.total, asked.ignored)
    bundle = searchset(base, around, answered, Subset(asked.summary, asked.elements))
    response = reply(bundle, 200, form)
    response.headers.extend(applied(handling=preference.handling))
    return response


@dataclass(frozen=True, slots=True)
class _Page:
    """Matches, and what is sent beside them."""

    found: Found
    included: tuple[Resource, ...]


@dataclass(frozen=True, slots=True)
class _Searching:
    parts: Parts
    caller: Caller

    @property
    def tenant(self) -> str:
        return self.caller.tenant

    def page(self, asked: Search) -> _Page:
        query = replace(asked.query, count=0) if asked.counts_only else asked.query
        most = None if asked.total == "accurate" or asked.counts_only else MOST_COUNTED
        found = self._found(query, want_total=asked.total != "none" or asked.counts_only, most_counted=most)
        beside = {_name(each): each for each in self._beside(asked, found.resources)}
        for each in found.resources:
            beside.pop(_name(each), None)
        return _Page(found, tuple(beside.values()))

    def _found(self, query: Query, *, want_total: bool, most_counted: int | None) -> Found:
        if query.resource_type in PACKAGE_TYPES:
            return self.parts.shelf.search(query, want_total=want_total)
        page = self.parts.stored.store.search(self.tenant, query, want_total, most_counted)
        resources = tuple(plain(record.content) for record in page.records)
        return Found(resources, page.total, page.next, page.previous)

    def _beside(self, asked: Search, matches: tuple[Resource, ...]) -> Iterable[Resource]:
        """Return what ``_include`` and ``_revinclude`` ask for, of what is stored and what the caller may read."""
        if not matches:
            return
        references = [one for one in _references(asked, matches) if may(self.caller, one.partition("/")[0], "r")]
        if references:
            yield from (plain(each.content) for each in self.parts.stored.store.read_many(self.tenant, references))
        names = [_name(each) for each in matches]
        for kind, parameter in (pair for pair in asked.revinclude if may(self.caller, pair[0], "r")):
            records = self.parts.stored.store.referring(self.tenant, kind, parameter.name, names)
            yield from (plain(each.content) for each in records)


def _references(asked: Search, matches: tuple[Resource, ...]) -> Iterable[str]:
    """Name what the matches point to with the parameters of ``_include``; only what is stored here can be included."""
    wanted = {parameter.name: (target,) if target else parameter.targets for parameter, target in asked.include}
    found = (value for each in matches for value in values_of(each) if value.parameter in wanted)
    named = (value.value for value in found if value.value.partition("/")[0] in wanted[value.parameter])
    return dict.fromkeys(name for name in named if name.partition("/")[0] in STORED_TYPES)


def _patients_of(asked: Search) -> Iterable[str]:
    """Name the patients that a search asks for: who found nothing has still asked for somebody."""
    about = (each for each in asked.query.criteria if each.parameter in ("patient", "subject"))
    return (one.value for each in about for one in each.alternatives if one.value)


def _name(resource: Resource) -> str:
    return f"{resource['resourceType']}/{resource['id']}"
