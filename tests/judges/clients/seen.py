"""What Python clients saw, as the plain data that the steps check."""

from collections.abc import Mapping
from typing import Any

from tests.judges.clients.steps import Json, Seen


def triaged(bundle: Mapping[str, Any], material: Json) -> Seen:
    """Tell the kinds of the results in their order, and the level of the first one."""
    resources = [entry["resource"] for entry in bundle["entry"]]
    extensions = [one for one in resources[0]["extension"] if one["url"] == material["level"]]
    return {
        "kinds": [one["resourceType"] for one in resources],
        "level": extensions[0]["valueCodeableConcept"]["coding"][0]["code"],
    }


def refused(status: int | None, outcome: Mapping[str, Any]) -> Seen:
    """Tell the status, where the client hands it on, and the words of every issue as they reached the user."""
    says = "; ".join(issue["details"]["text"] for issue in outcome["issue"])
    return {"status": status, "says": says}
