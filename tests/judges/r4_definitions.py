"""Builds service/mapping/gate/r4.json from HL7's own FHIR R4 4.0.1 definitions; it is a tool, not part of the service.

HL7 gives the definitions to the public domain (CC0 1.0). They come as an npm package:

    npm pack hl7.fhir.r4.examples@4.0.1 && tar xzf hl7.fhir.r4.examples-4.0.1.tgz

    python tests/judges/r4_definitions.py build package     writes the file
    python tests/judges/r4_definitions.py check package     exit code 1 when the file is stale

The file holds, one line each, every type as `[base type, {element: "min..max types [value set]"}]`, every required
value set as `{system: [codes]}`, the form of every primitive, and what XHTML a narrative may hold. A type that starts
with `@` is what XML writes as an attribute: in JSON it has no `_` companion.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[2] / "service" / "mapping" / "gate" / "r4.json"
HL7 = "http://hl7.org/fhir/StructureDefinition/"
TYPE_EXTENSION = HL7 + "structuredefinition-fhir-type"
REGEX_EXTENSION = HL7 + "regex"
# Their codes live outside FHIR (IANA, ISO, UCUM, LOINC), so R4 gives no list that could be checked.
WITHOUT_A_LIST = frozenset(
    "http://hl7.org/fhir/ValueSet/" + name for name in ("mimetypes", "currencies", "ucum-units")
) | {"http://loinc.org/vs/LL379-9"}

Json = dict[str, Any]


def main() -> int:
    """Build the file or say whether it is stale."""
    parser = argparse.ArgumentParser(description="The R4 definitions of the gate.")
    parser.add_argument("action", choices=("build", "check"))
    parser.add_argument("package", type=Path, help="the unpacked folder of hl7.fhir.r4.examples 4.0.1")
    arguments = parser.parse_args()
    text = file_text(arguments.package)
    if arguments.action == "build":
        FILE.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{FILE.name}: {len(text)} characters\n")
        return 0
    stale = not FILE.is_file() or FILE.read_text(encoding="utf-8") != text
    sys.stdout.write(f"{FILE.name} is {'stale: run build' if stale else 'up to date'}\n")
    return int(stale)


def file_text(package: Path) -> str:
    """Return what the data file should hold: JSON with one line per type, value set and primitive."""
    structures = sorted(_read(package, "StructureDefinition"), key=lambda structure: str(structure["name"]))
    own = [structure for structure in structures if _defines_a_type(structure)]
    primitives = {s["name"]: _pattern(s) for s in own if s["kind"] == "primitive-type"}
    complex_types = [s for s in own if s["kind"] != "primitive-type"]
    types = {name: entry for structure in complex_types for name, entry in _types(structure)}
    sections: dict[str, dict[str, Any]] = {
        "primitives": primitives,
        "types": types,
        "value-sets": _value_sets(package, complex_types),
        "xhtml": _xhtml(structures),
    }
    return "{\n" + ",\n".join(f"{_line(name)}: {_section(content)}" for name, content in sections.items()) + "\n}\n"


def _read(package: Path, resource_type: str) -> Iterator[Json]:
    for path in sorted(package.glob(f"{resource_type}-*.json")):
        yield json.loads(path.read_text(encoding="utf-8"))


def _defines_a_type(structure: Json) -> bool:
    return structure["kind"] != "logical" and structure.get("derivation") != "constraint"


def _section(content: dict[str, Any]) -> str:
    return "{\n" + ",\n".join(f"{_line(name)}: {_line(value)}" for name, value in sorted(content.items())) + "\n}"


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _pattern(structure: Json) -> str:
    """Return the official regular expression of a primitive, empty where R4 gives none (xhtml)."""
    value = next(e for e in structure["snapshot"]["element"] if e["path"].endswith(".value"))
    extensions = value["type"][0].get("extension", [])
    return next((x["valueString"] for x in extensions if x["url"] == REGEX_EXTENSION), "")


def _types(structure: Json) -> Iterator[tuple[str, object]]:
    """Yield the type itself and each backbone inside it, with the elements that it does not inherit."""
    elements = structure["snapshot"]["element"]
    paths = {element["path"] for element in elements}
    parents = [e for e in elements if any(path.startswith(e["path"] + ".") for path in paths)]
    for parent in parents:
        own = (e for e in elements if e["path"].rpartition(".")[0] == parent["path"])
        is_root = parent is elements[0]
        base = structure.get("baseDefinition", "").removeprefix(HL7) if is_root else parent["type"][0]["code"]
        entries = {e["path"].rpartition(".")[2]: _element(e, paths) for e in own if e["base"]["path"] == e["path"]}
        yield parent["path"], [base, entries]


def _element(element: Json, paths: set[str]) -> str:
    parts = [f"{element['min']}..{element['max']}", _type_names(element, paths)]
    if value_set := _required_value_set(element):
        parts.append(value_set.rpartition("/")[2])
    return " ".join(parts)


def _type_names(element: Json, paths: set[str]) -> str:
    """Name the types of an element: a backbone by its path, a content reference by what it refers to."""
    if "contentReference" in element:
        return str(element["contentReference"]).removeprefix("#")
    if any(path.startswith(element["path"] + ".") for path in paths):
        return str(element["path"])
    if element["path"] == "Resource.id":
        return "@id"  # the definition says string; the specification's text and its schema say id
    return "|".join(_type_name(entry) for entry in element["type"])


def _type_name(entry: Json) -> str:
    code = str(entry["code"])
    if not code.startswith("http"):
        return code
    return "@" + str(next(x["valueUrl"] for x in entry["extension"] if x["url"] == TYPE_EXTENSION))


def _required_value_set(element: Json) -> str:
    binding = element.get("binding", {})
    address = str(binding.get("valueSet", "")).partition("|")[0]
    return "" if binding.get("strength") != "required" or address in WITHOUT_A_LIST else address


def _value_sets(package: Path, structures: list[Json]) -> dict[str, object]:
    used = {_required_value_set(e) for structure in structures for e in structure["snapshot"]["element"]} - {""}
    systems = {system["url"]: system for system in _read(package, "CodeSystem")}
    found = {s["url"]: _codes(s, systems) for s in _read(package, "ValueSet") if s["url"] in used}
    if missing := used - found.keys():
        raise SystemExit(f"value sets that the package lacks: {sorted(missing)}")
    return {address.rpartition("/")[2]: codes for address, codes in found.items()}


def _codes(value_set: Json, systems: dict[str, Json]) -> dict[str, list[str]]:
    compose = value_set["compose"]
    if "exclude" in compose or any("filter" in include or "valueSet" in include for include in compose["include"]):
        raise SystemExit(f"{value_set['url']}: only whole systems and lists of codes are understood")
    codes: dict[str, list[str]] = {}
    for include in compose["include"]:
        concepts = include.get("concept") or systems[include["system"]]["concept"]
        codes.setdefault(include["system"], []).extend(_all_codes(concepts))
    return codes


def _all_codes(concepts: list[Json]) -> Iterator[str]:
    for concept in concepts:
        yield concept["code"]
        yield from _all_codes(concept.get("concept", []))


def _xhtml(structures: list[Json]) -> dict[str, object]:
    """Read the permitted elements and attributes out of the invariant txt-1 of Narrative."""
    narrative = next(structure for structure in structures if structure["name"] == "Narrative")
    invariants = (c for element in narrative["snapshot"]["element"] for c in element.get("constraint", []))
    rule = next(c["xpath"] for c in invariants if c["key"] == "txt-1")
    elements, attributes = (re.findall(r"'([^']+)'", group) for group in re.findall(r"=\(([^)]*)\)", rule))
    return {"elements": elements, "attributes": attributes}


if __name__ == "__main__":
    sys.exit(main())
