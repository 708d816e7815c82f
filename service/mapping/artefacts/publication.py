"""What every published artefact says of itself: its name, version, status and publisher; not its content."""

from typing import Any

from service.mapping.canonical import BASE

DATE = "2026-11-21"
PUBLISHER = "Upper back triage project"


def published(kind: str, name: str, title: str, version: str) -> dict[str, Any]:
    """Begin a conformance resource of this type: its id is ``name``, and its canonical is made from both.

    It stays a draft and experimental until a clinician has reviewed the rules.
    """
    return {
        "resourceType": kind,
        "id": name,
        "url": f"{BASE}/{kind}/{name}",
        "version": version,
        "name": "".join(word.capitalize() for word in name.split("-")),
        "title": title,
        "status": "draft",
        "experimental": True,
        "date": DATE,
        "publisher": PUBLISHER,
    }
