"""How a result of rules that are not proven is told from any other: by a label, and by a sentence for people."""

from collections.abc import Mapping
from typing import Any

UNPROVEN = (
    "Unproven rules: no proof holds for this rule book and this engine. For development only, not for the care of a "
    "patient."
)


def marks(resource: Mapping[str, Any]) -> list[str]:
    """Name every mark that a result carries."""
    labels = [one["code"] for one in resource.get("meta", {}).get("security", ())]
    issues = [one["severity"] for one in resource.get("issue", ())[:1] if one["details"]["text"] == UNPROVEN]
    return [
        *labels,
        *(["narrative"] if UNPROVEN in resource.get("text", {}).get("div", "") else []),
        *(["note"] if UNPROVEN in [one["text"] for one in resource.get("note", ())] else []),
        *issues,
    ]


def marked(resources: list[Mapping[str, Any]]) -> bool:
    """Tell whether each result bears every mark of its kind; raise AssertionError where some are borne and some not."""
    found = {str(one["resourceType"]): marks(one) for one in resources}
    every = {kind: ["HTEST", "narrative", "note"] for kind in found} | {"OperationOutcome": ["HTEST", "warning"]}
    none = {kind: [] for kind in found}
    assert found in (every, none), found
    return found == every
