"""Reads the Prefer header: what a client would rather have; what is not known is passed over, as HTTP says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

RETURNS = {"minimal": "minimal", "representation": "representation", "operationoutcome": "OperationOutcome"}
HANDLINGS = ("strict", "lenient")


@dataclass(frozen=True, slots=True)
class Preference:
    """Hold what was preferred: ``returns`` and ``handling`` are empty where the client named nothing that is known."""

    returns: str = ""
    handling: str = ""

    @property
    def is_strict(self) -> bool:
        """Tell whether a search parameter that is not known is refused.

        Strict unless asked otherwise: a filter that is dropped in silence would show other patients' results.
        """
        return self.handling != "lenient"


def read_prefer(values: Iterable[str]) -> Preference:
    """Read every Prefer header of a request; of several preferences of one kind the first counts (RFC 7240)."""
    found: dict[str, str] = {}
    for value in values:
        for part in value.replace(";", ",").split(","):
            name, _, wanted = part.partition("=")
            found.setdefault(name.strip().lower(), wanted.strip().strip('"'))
    return Preference(RETURNS.get(found.get("return", "").lower(), ""), _handling(found))


def applied(**preferences: str) -> Mapping[str, str]:
    """Return the header that says which preferences were followed; none where there was none."""
    names = {"returns": "return", "handling": "handling"}
    text = ", ".join(f"{names[name]}={value}" for name, value in preferences.items() if value)
    return {"Preference-Applied": text} if text else {}


def _handling(found: Mapping[str, str]) -> str:
    wanted = found.get("handling", "").lower()
    return wanted if wanted in HANDLINGS else ""
