"""Tells whose record a resource is, by the names a patient goes by in one body; it never guesses between two."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.mapping.body import CONTEXT_TYPES, Resource

PATIENT = "Patient"
SUBJECT_ELEMENT = {"AllergyIntolerance": "patient"}
CONTAINED = ".contained["
ADDRESS = re.compile(r"(?P<base>https?://.+/)?(?P<local>[A-Z][A-Za-z]*/[A-Za-z0-9.-]{1,64})")


@dataclass(frozen=True, slots=True)
class Subject:
    """The names of the patient a response is about: addresses, addresses inside the body, identifiers."""

    names: frozenset[str]


def contained_in(response: Resource) -> tuple[Resource, ...]:
    """List the record that stands inside the response itself; its relative references start where the response's do."""
    inside = enumerate(response.content.get("contained", ()))
    return tuple(
        Resource(content, response.full_url, f"{response.place}{CONTAINED}{index}]", ())
        for index, content in inside
        if content["resourceType"] in CONTEXT_TYPES
    )


def subject_of(response: Resource, record: Sequence[Resource]) -> Subject | None:
    """Name the subject of a response by all its names; None where it has none, or they are not one patient's alone."""
    named = _names_of_reference(response.content.get("subject"), response)
    patients = _patients(record)
    times = Counter(name for names in patients for name in names)
    shared = {name for name, count in times.items() if count > 1}
    own = [names for names in patients if (names & named) - shared]
    if not named - shared or len(own) > 1:
        return None
    return Subject(named.union(*own) - shared)


def is_about(subject: Subject, resource: Resource) -> bool:
    """Tell whether a structurally valid resource is the subject itself, or speaks of it."""
    return not subject.names.isdisjoint(_names_of(resource))


def _names_of(resource: Resource) -> frozenset[str]:
    kind = resource.content["resourceType"]
    if kind == PATIENT:
        return _names_of_patient(resource)
    return _names_of_reference(resource.content.get(SUBJECT_ELEMENT.get(kind, "subject")), resource)


def _patients(record: Sequence[Resource]) -> list[frozenset[str]]:
    """List the patients of the record, each with its names; two entries with one address are one patient."""
    by_address: dict[str, frozenset[str]] = {}
    for resource in record:
        if resource.content["resourceType"] == PATIENT and not resource.faults:
            address = resource.full_url or str(resource.content.get("id", resource.place))
            by_address[address] = by_address.get(address, frozenset()) | _names_of_patient(resource)
    return list(by_address.values())


def _names_of_patient(resource: Resource) -> frozenset[str]:
    content = resource.content
    identifiers = _names_of_identifiers(content.get("identifier", ()))
    holder, _, is_contained = resource.place.partition(CONTAINED)
    if is_contained:
        return identifiers | {f"{holder}#{content.get('id')}"}
    address = {_without_version(resource.full_url)} if resource.full_url else set()
    inside = {f"{PATIENT}/{content['id']}"} if "id" in content else set()
    return identifiers | address | inside


def _names_of_reference(reference: object, holder: Resource) -> frozenset[str]:
    """Name what a reference points to. Its identifier counts only where it has no address: the two could differ."""
    if not isinstance(reference, Mapping):
        return frozenset()
    target = _without_version(str(reference.get("reference", "")))
    if not target:
        return _names_of_identifiers([reference.get("identifier", {})])
    if target.startswith("#"):
        return _names_of_contained(target, holder)
    if "://" in target or target.startswith("urn:"):
        return frozenset([target])
    return frozenset([f"{_base_of(holder.full_url)}{target}"])


def _names_of_contained(target: str, holder: Resource) -> frozenset[str]:
    inside = holder.content.get("contained", ())
    patients = (one for one in inside if one["resourceType"] == PATIENT and f"#{one.get('id')}" == target)
    names = frozenset([f"{holder.place.partition(CONTAINED)[0]}{target}"])
    return names.union(*(_names_of_identifiers(patient.get("identifier", ())) for patient in patients))


def _names_of_identifiers(identifiers: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Name identifiers that have both system and value; a value alone could be anyone's."""
    return frozenset(
        f"identifier {one['system']}|{one['value']}" for one in identifiers if "system" in one and "value" in one
    )


def _without_version(address: str) -> str:
    plain = address.partition("/_history/")[0]
    return plain.lower() if plain.lower().startswith("urn:uuid:") else plain


def _base_of(full_url: str) -> str:
    """Return what a relative reference starts from: the server of the resource that holds it, or nothing."""
    address = ADDRESS.fullmatch(_without_version(full_url))
    return (address["base"] or "") if address else ""
