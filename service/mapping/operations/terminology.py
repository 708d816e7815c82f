"""Expands the value sets of the package and says whether a code is in one: ``$expand`` and ``$validate-code``."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from service.errors import refuse
from service.mapping.operations.parameters import Given, Wanted, one

EXPAND = {
    "url": Wanted("valueUri"),
    "valueSetVersion": Wanted("valueString"),
    "filter": Wanted("valueString"),
    "offset": Wanted("valueInteger"),
    "count": Wanted("valueInteger"),
}
VALIDATE_CODE = {
    "url": Wanted("valueUri"),
    "valueSetVersion": Wanted("valueString"),
    "code": Wanted("valueCode"),
    "system": Wanted("valueUri"),
    "display": Wanted("valueString"),
    "coding": Wanted("valueCoding"),
    "codeableConcept": Wanted("valueCodeableConcept"),
}

Json = dict[str, Any]
Resources = Iterable[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Terminology:
    """Hold the members of each value set by its URL: codings with system, code and, where one is known, display."""

    value_sets: Mapping[str, Mapping[str, Any]]
    members: Mapping[str, tuple[Json, ...]]

    def expand(self, given: Given, identity: str = "") -> Json:
        """Return a ValueSet with its expansion; raise Refused 404 for one that is not ours, 400 for a wrong number."""
        value_set = self._named(given, identity)
        wanted = str(one(given, "filter") or "").lower()
        found = [each for each in self.members[value_set["url"]] if _matches(each, wanted)]
        offset, count = _number(given, "offset", 0), _number(given, "count", len(found))
        expansion = {
            "identifier": f"{value_set['url']}|{value_set['version']}",
            "timestamp": f"{value_set['date']}T00:00:00Z",
            "total": len(found),
            **({"offset": offset} if "offset" in given else {}),
        }
        page = found[offset : offset + count]
        without = {key: value for key, value in value_set.items() if key not in ("text", "compose")}
        return {**without, "expansion": {**expansion, **({"contains": page} if page else {})}}

    def validate_code(self, given: Given, identity: str = "") -> Json:
        """Return Parameters with ``result``, the display that is ours, and a message where the result is false."""
        value_set = self._named(given, identity)
        asked = list(_asked(given))
        if not asked:
            raise refuse(400, "required", "no code was named; allowed are code with system, coding, or codeableConcept")
        known = {(each["system"], each["code"]): each for each in self.members[value_set["url"]]}
        found = next((known[pair] for pair, _ in asked if pair in known), None)
        if found is None:
            return _said(result=False, message="the code is not in the value set; its system counts too")
        given_display = next(display for pair, display in asked if pair == (found["system"], found["code"]))
        if given_display and given_display != found.get("display", given_display):
            return _said(result=False, message="the display is not that of the code", display=found["display"])
        return _said(result=True, display=found.get("display", ""))

    def _named(self, given: Given, identity: str) -> Mapping[str, Any]:
        url, _, version = str(one(given, "url") or "").partition("|")
        version = str(one(given, "valueSetVersion") or version)
        if identity:
            found = next((each for each in self.value_sets.values() if each["id"] == identity), None)
        elif url:
            found = self.value_sets.get(url)
        else:
            raise refuse(400, "required", "the value set is not named; allowed is the parameter url")
        if found is None or (version and version != found["version"]):
            raise refuse(404, "not-found", "there is no such value set, or not in this version; only our own are known")
        return found


def terminology(resources: Resources) -> Terminology:
    """Prepare every ValueSet of the package from its own codes and the package's code systems."""
    given = list(resources)
    value_sets = {each["url"]: each for each in given if each["resourceType"] == "ValueSet"}
    systems = {each["url"]: each for each in given if each["resourceType"] == "CodeSystem"}
    return Terminology(value_sets, {url: tuple(_members(each, systems)) for url, each in value_sets.items()})


def _members(value_set: Mapping[str, Any], systems: Mapping[str, Mapping[str, Any]]) -> Iterator[Json]:
    for included in value_set["compose"]["include"]:
        system = included["system"]
        displays = {each["code"]: each for each in systems.get(system, {}).get("concept", ())}
        for concept in included.get("concept", displays.values()):
            display = concept.get("display") or displays.get(concept["code"], {}).get("display")
            yield {"system": system, "code": concept["code"], **({"display": display} if display else {})}


def _matches(coding: Mapping[str, str], wanted: str) -> bool:
    return wanted in coding["code"].lower() or wanted in coding.get("display", "").lower()


def _number(given: Given, name: str, otherwise: int) -> int:
    value = one(given, name)
    if value is None:
        return otherwise
    if not str(value).isdigit():
        raise refuse(400, "value", f"the parameter '{name}' is not a whole number from 0 up")
    return int(value)


def _asked(given: Given) -> Iterator[tuple[tuple[str, str], str]]:
    """Name each code that is asked about as system and code, with the display that came with it."""
    concept = one(given, "codeableConcept") or {}
    codings = [*concept.get("coding", ()), *given.get("coding", ())]
    if "code" in given:
        codings.append({name: one(given, name) or "" for name in ("system", "code", "display")})
    for coding in codings:
        yield (coding.get("system", ""), coding.get("code", "")), coding.get("display", "")


def _said(*, result: bool, message: str = "", display: str = "") -> Json:
    texts = [{"name": name, "valueString": text} for name, text in (("message", message), ("display", display)) if text]
    return {"resourceType": "Parameters", "parameter": [{"name": "result", "valueBoolean": result}, *texts]}
