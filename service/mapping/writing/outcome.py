"""Writes issues as a FHIR R4 OperationOutcome; it judges nothing and adds no narrative."""

from collections.abc import Sequence

from service.errors import Issue


def operation_outcome(issues: Sequence[Issue]) -> dict[str, object]:
    """Write an OperationOutcome with one issue per Issue, in order.

    A person reads ``details.text``. ``expression`` says where in what was sent. An item of our own Questionnaire is
    named in ``diagnostics`` as ``linkId <id>: <question text>``. Raises ValueError without issues: R4 wants one.
    """
    if not issues:
        raise ValueError("an OperationOutcome needs at least one issue")
    return {"resourceType": "OperationOutcome", "issue": [_issue(issue) for issue in issues]}


def _issue(issue: Issue) -> dict[str, object]:
    written: dict[str, object] = {
        "severity": issue.severity,
        "code": issue.code,
        "details": {"text": issue.text},
    }
    if issue.link_id:
        question = f": {issue.question}" if issue.question else ""
        written["diagnostics"] = f"linkId {issue.link_id}{question}"
    if issue.expression:
        written["expression"] = [issue.expression]
    return written
