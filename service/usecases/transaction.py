"""Stores the responses of one transaction Bundle together or not at all, with the references between them resolved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.errors import Issue, Refused, refuse
from service.mapping.gate.structure import check
from service.mapping.identity import content_digest, response_identity
from service.mapping.references import condition_of, is_of_this_bundle, references_in, renamed
from service.mapping.search.query import Query
from service.mapping.search.read_query import read_condition
from service.mapping.stored import RESPONSE, stored_id
from service.usecases.caller import Caller
from service.usecases.responses import Create, Responses, Stored, Update

Entry = Mapping[str, Any]

ONLY_RESPONSES = (
    "a transaction stores responses alone: allowed are POST QuestionnaireResponse, PUT QuestionnaireResponse/[id], and "
    "GET, which is answered after them; a patient's record goes to $triage beside its response"
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One entry: what is stored, under which fullUrl it is referred to, and where it stands."""

    content: Mapping[str, Any]
    full_url: str
    method: str
    address: str
    if_none_exist: str
    if_match: str
    place: str


def store_transaction(
    responses: Responses, caller: Caller, entries: Mapping[int, Entry], place: str
) -> tuple[Stored, ...]:
    """Store the entries of a structurally valid transaction Bundle that write; one Stored per entry, in order.

    ``entries`` are by their number in the Bundle.

    Raises Refused with an issue for each entry that cannot be stored, and what ``Responses`` raises; then nothing is
    stored. The order of the entries changes nothing.
    """
    asked = [_asked(entry, f"{place}.entry[{index}]") for index, entry in entries.items()]
    issues = [issue for one in asked for issue in _faults(one)]
    if issues:
        raise Refused(422, tuple(issues))
    if not asked:
        return ()
    names = _names(caller, asked)
    ready = [_resolved(responses, caller, one, names) for one in asked]
    return responses.together(caller, [_action(one, content) for one, content in zip(asked, ready, strict=True)])


def _asked(entry: Entry, place: str) -> _Asked:
    request, resource = entry.get("request", {}), entry.get("resource")
    return _Asked(
        content=resource if isinstance(resource, Mapping) else {},
        full_url=str(entry.get("fullUrl", "")),
        method=str(request.get("method", "")),
        address=str(request.get("url", "")).removeprefix("/"),
        if_none_exist=str(request.get("ifNoneExist", "")),
        if_match=str(request.get("ifMatch", "")),
        place=place,
    )


def _faults(one: _Asked) -> list[Issue]:
    is_create = one.method == "POST" and one.address == RESPONSE
    is_update = one.method == "PUT" and one.address.removeprefix(f"{RESPONSE}/").isprintable()
    is_update = is_update and one.address.startswith(f"{RESPONSE}/") and "?" not in one.address
    if not is_create and not is_update:
        return [Issue("error", "not-supported", ONLY_RESPONSES, f"{one.place}.request")]
    if one.content.get("resourceType") != RESPONSE:
        text = f"met no {RESPONSE}, which the request of the entry says is stored"
        return [Issue("error", "invalid", text, f"{one.place}.resource")]
    if one.if_match and not _version(one.if_match):
        return [
            Issue("error", "value", 'ifMatch names no version; allowed: W/"version"', f"{one.place}.request.ifMatch")
        ]
    return []


def _version(written: str) -> int:
    digits = written.removeprefix("W/").strip('"')
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < len("2147483648") else 0


def _names(caller: Caller, asked: Sequence[_Asked]) -> dict[str, str]:
    """Name each entry that another refers to by the address it will have.

    A new response without an identifier is named by its content, which a renamed reference would change; so only one
    with an identifier can be referred to.
    """
    wanted = {address for one in asked for address, _ in references_in(one.content, "") if is_of_this_bundle(address)}
    names: dict[str, str] = {}
    seen: set[str] = set()
    for one in asked:
        if one.full_url and one.full_url in seen:
            raise refuse(400, "duplicate", "two entries have the same fullUrl (bdl-7)", f"{one.place}.fullUrl")
        seen.add(one.full_url)
        if one.full_url in wanted:
            names[one.full_url] = _address(caller, one)
    dangling = sorted(wanted - names.keys())
    if dangling:
        places = (at for one in asked for address, at in references_in(one.content, f"{one.place}.resource")
                  if address in dangling)  # fmt: skip
        raise refuse(400, "not-found", "a reference names an entry that the Bundle does not hold", next(places))
    return names


def _address(caller: Caller, one: _Asked) -> str:
    if one.method == "PUT":
        return one.address
    faults = check(one.content, f"{one.place}.resource")
    if faults:
        raise Refused(400, faults)
    if "value" not in one.content.get("identifier", {}):
        text = "another entry refers to this response: it needs an identifier, by which its address is known beforehand"
        raise refuse(422, "required", text, f"{one.place}.resource.identifier")
    identity = response_identity(one.content, content_digest(one.content))
    return f"{RESPONSE}/{stored_id(caller.tenant, identity, RESPONSE)}"


def _resolved(responses: Responses, caller: Caller, one: _Asked, names: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the content with the addresses of other entries, and with what its conditional references find."""
    found = dict(names)
    for address, at in references_in(one.content, f"{one.place}.resource"):
        condition = condition_of(address)
        if condition is not None and address not in found:
            found[address] = _found(responses, caller, condition, at)
    resolved: Mapping[str, Any] = renamed(one.content, found) if found else one.content
    return resolved


def _found(responses: Responses, caller: Caller, condition: tuple[str, str], at: str) -> str:
    kind, query = condition
    if kind != RESPONSE:
        text = f"no {kind} is stored here, so nothing meets the condition; a reference by identifier needs no store"
        raise refuse(412, "not-found", text, at)
    criteria = read_condition(kind, query, caller.base).criteria
    page = responses.store.search(caller.tenant, Query(kind, criteria, count=2), want_total=False)
    if len(page.records) != 1:
        text = "nothing" if not page.records else "more than one response"
        raise refuse(412, "multiple-matches" if page.records else "not-found", f"{text} meets the condition", at)
    return f"{kind}/{page.records[0].id}"


def _action(one: _Asked, content: Mapping[str, Any]) -> Create | Update:
    if one.method == "POST":
        return Create(content, one.if_none_exist)
    return Update(one.address.removeprefix(f"{RESPONSE}/"), content, _version(one.if_match) or None)
