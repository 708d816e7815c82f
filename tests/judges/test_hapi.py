"""HAPI's FhirInstanceValidator finds no error in any definition, output or sample, and finds every fault put in.

It needs Java 17, Maven and npm: `make judges`.
"""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.judges.broken import FAULTS, broken
from tests.judges.hapi_judge import Message, judged, missing_part
from tests.judges.maven import PartMissingError
from tests.judges.shown import definitions, outputs, package_examples, samples, stored

ALLOWED: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "hapi" / "allowed.yaml").read_text(encoding="utf-8"))
SHOWN = {
    "definition": definitions,
    "example": package_examples,
    "stored": stored,
    "output": outputs,
    "sample": samples,
    "broken": broken,
}
MEANT_TO_BE_VALID = ("definition", "example", "stored", "output", "sample")

pytestmark = [
    pytest.mark.needs("java"),
    pytest.mark.skipif(bool(missing_part()), reason=missing_part() or "there"),
]
Said = dict[str, list[Message]]


@pytest.fixture(scope="module")
def said() -> Said:
    """Show the judge everything at once; what it said, by kind of resource, each name without its kind."""
    shown = {f"{kind}--{name}": content for kind, read in SHOWN.items() for name, content in read().items()}
    try:
        messages = judged(shown)
    except PartMissingError as reason:
        pytest.skip(f"NOT RUN: {reason}")
    by_kind = defaultdict(list)
    for one in messages:
        kind, _, name = one.name.partition("--")
        by_kind[kind].append(Message(name.removesuffix(".json"), one.severity, one.id, one.place, one.text))
    return by_kind


def test_what_is_shown_is_enough_to_mean_something() -> None:
    assert len(definitions()) > 100
    assert len(package_examples()) == 20
    assert len(stored()) == 8
    assert len(outputs()) > 200
    assert len(samples()) > 90


@pytest.mark.parametrize("kind", MEANT_TO_BE_VALID)
def test_nothing_that_is_meant_to_be_valid_has_an_error(said: Said, kind: str) -> None:
    assert [one for one in _errors(said[kind]) if one.name not in ALLOWED["samples"]] == []


def test_each_sample_that_is_not_valid_has_just_the_errors_that_are_listed_for_it(said: Said) -> None:
    found = defaultdict(set)
    for one in _errors(said["sample"]):
        found[one.name].add(one.id)
    assert {name: sorted(ids) for name, ids in found.items()} == {
        name: sorted(row["errors"]) for name, row in ALLOWED["samples"].items()
    }


@pytest.mark.parametrize("kind", MEANT_TO_BE_VALID)
def test_every_warning_is_on_the_list(said: Said, kind: str) -> None:
    assert [one for one in said[kind] if one.severity == "warning" and not _allows("warnings", one)] == []


def test_the_list_has_a_reason_for_each_row_and_no_row_too_many(said: Said, capsys: pytest.CaptureFixture[str]) -> None:
    met = [one for kind in MEANT_TO_BE_VALID for one in said[kind]]
    for part in ("warnings", "mistakes"):
        for row in ALLOWED[part]:
            assert row["reason"].strip()
            assert any(_fits(row, one) for one in met), f"{part}: nothing needs {row['id']}"
    with capsys.disabled():
        seen = ", ".join(f"{len(SHOWN[kind]())} {kind}s" for kind in MEANT_TO_BE_VALID)
        rows = ", ".join(f"{len(rows)} {part}" for part, rows in ALLOWED.items())
        print(f"\nHAPI judged {seen}; its list allows {rows}")


def test_every_broken_copy_is_found_and_no_whole_one(said: Said) -> None:
    found = {one.name for one in _errors(said["broken"])}
    missed = [fault for number, fault in enumerate(FAULTS) if f"fault-{number:03}" not in found]
    assert missed == []
    assert {name for name in found if name.startswith("whole-")} == set()


def _errors(messages: Iterable[Message]) -> list[Message]:
    return [one for one in messages if one.severity in ("error", "fatal") and not _allows("mistakes", one)]


def _allows(part: str, message: Message) -> bool:
    return any(_fits(row, message) for row in ALLOWED[part])


def _fits(row: dict[str, str], message: Message) -> bool:
    return row["id"] == message.id and row["says"] in message.text
