"""Answers the sample cases with the real service, and writes what follows from them: answer.json and README.md.

    python -m tests.examples_builder --write

The bodies and the expectations are given; nothing here changes them.
"""

import json
import sys
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from service.errors import Refused
from service.knowledge.model import RuleBook
from service.mapping.gate.json_text import parse
from service.mapping.writing.json_bytes import dump
from service.mapping.writing.outcome import operation_outcome
from service.settings import Limits, Settings
from service.usecases.triage import Triage
from tests.example_cases import FOLDER, POLICIES, Example, Expected, Refusal, read_examples
from tests.real_book import proven_book

LINE = 240
README = FOLDER / "README.md"
OPENING = """\
# Sample bodies, and the answer each must get

One folder per case. `body.json` is what a hospital system, a portal or an integration engine posts (`body.txt` where
it is not JSON). `case.yaml` says when it is answered and what the answer must hold under each policy, with the level
derived by hand from the sources. Where it stands, `answer.json` is the whole answer under `strictest` at that moment.
People, hospitals and numbers are made up. The answers show that the service does what its sources say. They do not
show that the sources are right, and no clinician has reviewed them.

`answer.json` and this page are written by `python -m tests.examples_builder --write` and checked by
`tests/test_examples.py`. The bodies and `case.yaml` are given: nothing rewrites them.

| case | story | strictest | reconciled |
|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Answered:
    """What the service answered: an HTTP status, and a Bundle or an OperationOutcome as plain data."""

    status: int
    resource: dict[str, Any]


def settings_for(policy: str) -> Settings:
    """Give the settings of a server that runs one live policy and lets a request name another."""
    return Settings(
        policy=policy,
        policy_signed_by="Sign-off of the sample cases",
        policy_signed_on=date(2026, 5, 4),
        allow_request_policy=True,
    )


def triage_of(book: RuleBook, example: Example, policy: str) -> Triage:
    """Build the service as it stands at the moment of the case."""
    return Triage(book, settings_for(policy), lambda: example.at)


def answer(book: RuleBook, example: Example, policy: str) -> Answered:
    """Triage the body of a case in this process."""
    try:
        answered = triage_of(book, example, policy)(example.body)
    except Refused as refused:
        return Answered(refused.status, operation_outcome(refused.issues))
    return Answered(answered.status, answered.resource)


def written_answer(answered: Answered) -> bytes:
    """Write an answer as it is kept: what fits on a line stands on a line, so that a difference shows where it is."""
    as_sent = parse(dump(answered.resource), Limits())
    return f"{_laid_out(as_sent, 0)}\n".encode()


def _laid_out(value: Any, indent: int) -> str:
    line = _line(value)
    if len(line) + indent <= LINE or not isinstance(value, dict | list):
        return line
    margin = " " * (indent + 2)
    if isinstance(value, dict):
        parts = [f"{margin}{_line(key)}: {_laid_out(part, indent + 2)}" for key, part in value.items()]
        return "{\n" + ",\n".join(parts) + f"\n{' ' * indent}}}"
    return "[\n" + ",\n".join(margin + _laid_out(part, indent + 2) for part in value) + f"\n{' ' * indent}]"


def _line(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_line(key)}: {_line(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_line(part) for part in value) + "]"
    return str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)


def written_readme(examples: tuple[Example, ...]) -> str:
    """Write the page that lists every case with its levels, as the cases themselves expect them."""
    return OPENING + "".join(f"{_row(example)}\n" for example in examples)


def _row(example: Example) -> str:
    levels = [", ".join(_level(one) for one in example.expected[policy]) for policy in POLICIES]
    return f"| [{example.name}]({example.name}) | {example.title}. {example.story} | {levels[0]} | {levels[1]} |"


def _level(expected: Expected | Refusal) -> str:
    if isinstance(expected, Expected):
        return expected.level
    return f"refused, {expected.status}" if expected.status else "refused"


def main() -> None:
    """Write answer.json of the cases that keep one, and the page that lists them."""
    if sys.argv[1:] != ["--write"]:
        sys.exit(__doc__)
    book, examples = proven_book(), read_examples()
    for example in examples:
        if example.http:
            kept = written_answer(answer(book, example, "strictest"))
            (example.folder / "answer.json").write_bytes(kept)
    README.write_text(written_readme(examples), encoding="utf-8")


if __name__ == "__main__":
    main()
