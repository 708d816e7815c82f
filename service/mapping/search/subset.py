"""Leaves out of a resource what a client does not want to see, and marks it as incomplete; it alters nothing else.

Which elements R4 counts to the summary, and which must or may not be left out because they are mandatory or change
the meaning of the rest, stands in subset.json, taken from HL7's definitions.
"""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ALWAYS = ("resourceType", "id", "meta", "implicitRules", "modifierExtension")
TAG = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "code": "SUBSETTED",
    "display": "subsetted",
}
CHOICE = "[x]"
_FILE = Path(__file__).with_name("subset.json")


@dataclass(frozen=True, slots=True)
class Subset:
    """Say what is wanted: ``summary`` is R4's code (true, text, data; false for all), ``elements`` names elements."""

    summary: str = "false"
    elements: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing is left out."""
        return self.summary == "false" and not self.elements


def shortened(resource: Mapping[str, Any], subset: Subset) -> dict[str, Any]:
    """Return the resource without what is not wanted, tagged SUBSETTED; whole where everything is wanted.

    Elements are left out at the top level alone. ``_elements`` may name an element with its type, as
    ``CarePlan.status``; deeper names keep the whole element.
    """
    if subset.is_whole:
        return dict(resource)
    resource_type = str(resource["resourceType"])
    wanted = _wanted(resource_type, subset)
    kept = {key: value for key, value in resource.items() if wanted is None or _named(key, wanted)}
    if wanted is None:
        kept.pop("text", None)
    meta = dict(kept.get("meta", {}))
    meta["tag"] = [*meta.get("tag", ()), TAG]
    return {"resourceType": resource_type, **({"id": kept["id"]} if "id" in kept else {}), **kept, "meta": meta}


def _wanted(resource_type: str, subset: Subset) -> frozenset[str] | None:
    """Name the elements that stay; None for all but the narrative."""
    if subset.summary == "data":
        return None
    listed = _listed().get(resource_type, {"summary": (), "kept": ()})
    own = [name.removeprefix(f"{resource_type}.").partition(".")[0] for name in subset.elements]
    extra = {"true": listed["summary"], "text": ("text",)}.get(subset.summary, ())
    return frozenset((*ALWAYS, *listed["kept"], *extra, *own))


def _named(key: str, wanted: frozenset[str]) -> bool:
    """Tell whether a key is wanted, also as the companion of a primitive or as one kind of a choice."""
    name = key.removeprefix("_")
    if name in wanted:
        return True
    choices = (each.removesuffix(CHOICE) for each in wanted if each.endswith(CHOICE))
    return any(name.startswith(choice) and name[len(choice) :][:1].isupper() for choice in choices)


@functools.cache
def _listed() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    found: Mapping[str, Mapping[str, tuple[str, ...]]] = json.loads(_FILE.read_text(encoding="utf-8"))
    return found
