"""What can be said of a body that is refused or doubted: plain data, turned into an OperationOutcome by the mapping."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["fatal", "error", "warning", "information"]


@dataclass(frozen=True, slots=True)
class Issue:
    """Say one thing about the input: where, what was met (by kind, never by content) and what is allowed.

    ``code`` is a code of HL7's issue-type. ``expression`` is an indexed FHIRPath from the root of what was sent.
    ``link_id`` and ``question`` name an item of our own Questionnaire and are empty elsewhere.
    """

    severity: Severity
    code: str
    text: str
    expression: str = ""
    link_id: str = ""
    question: str = ""


class Refused(Exception):  # noqa: N818 - the word of the glossary: a body is refused
    """Refuse a request with an HTTP status and every issue that was found."""

    def __init__(self, status: int, issues: tuple[Issue, ...]) -> None:
        super().__init__("; ".join(issue.text for issue in issues))
        self.status = status
        self.issues = issues


def refuse(status: int, code: str, text: str, expression: str = "") -> Refused:
    """Build the refusal that has a single error; the caller raises it."""
    return Refused(status, (Issue("error", code, text, expression),))
