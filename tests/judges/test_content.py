"""Four judges from elsewhere find no error in any definition, output or sample, and each finds the faults it can see.

They need no Java, but what npm and PyPI give: `make judges`. HAPI's judge, which sees every fault, is test_hapi.py.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.judges.broken import FAULTS, broken
from tests.judges.content.judges import JUDGES, Judge, judged, missing_part
from tests.judges.hapi_judge import Message
from tests.judges.maven import PartMissingError
from tests.judges.shown import definitions, outputs, package_examples, samples, stored

HERE = Path(__file__).parent
ALLOWED: dict[str, Any] = yaml.safe_load((HERE / "content" / "allowed.yaml").read_text(encoding="utf-8"))
DAMAGED = yaml.safe_load((HERE / "hapi" / "allowed.yaml").read_text(encoding="utf-8"))["samples"]
SHOWN = {
    "definition": definitions,
    "example": package_examples,
    "stored": stored,
    "output": outputs,
    "sample": samples,
    "broken": broken,
}
MEANT_TO_BE_VALID = ("definition", "example", "stored", "output", "sample")
LETTERS = {"g": "google-fhir-r4", "k": "fhirkit-rs", "i": "hl7-invariants", "m": "medplum"}
"""How the faults of broken.py name the judges that see them."""

Said = dict[str, list[Message]]


def _parameters() -> Iterator[Any]:
    for judge in JUDGES.values():
        reason = missing_part(judge)
        yield pytest.param(
            judge,
            id=judge.name,
            marks=[pytest.mark.needs(judge.name), pytest.mark.skipif(bool(reason), reason=reason or "there")],
        )


@pytest.fixture(scope="module", params=_parameters())
def judge(request: pytest.FixtureRequest) -> Judge:
    found: Judge = request.param
    return found


@pytest.fixture(scope="module")
def shown() -> dict[str, bytes]:
    return {f"{kind}--{name}": content for kind, read in SHOWN.items() for name, content in read().items()}


@pytest.fixture(scope="module")
def said(judge: Judge, shown: dict[str, bytes]) -> Said:
    """Show the judge everything at once; what it said, by kind of resource, each name without its kind."""
    try:
        messages = judged(judge, shown)
    except PartMissingError as reason:
        pytest.skip(f"NOT RUN: {reason}")
    by_kind = defaultdict(list)
    for one in messages:
        kind, _, name = one.name.partition("--")
        by_kind[kind].append(Message(name.removesuffix(".json"), one.severity, one.id, one.place, one.text))
    return by_kind


@pytest.mark.parametrize("kind", MEANT_TO_BE_VALID)
def test_nothing_that_is_meant_to_be_valid_has_an_error(judge: Judge, said: Said, kind: str) -> None:
    damaged = DAMAGED if kind == "sample" else {}
    assert [one for one in _errors(judge, said[kind]) if one.name not in damaged] == []


def test_each_damaged_sample_has_just_the_errors_that_are_listed_for_it(judge: Judge, said: Said) -> None:
    found = defaultdict(set)
    for one in _errors(judge, said["sample"]):
        found[one.name].add(one.id)
    assert {name: sorted(ids) for name, ids in found.items()} == ALLOWED[judge.name]["samples"]


def test_the_list_has_a_reason_for_each_row_and_no_row_too_many(judge: Judge, said: Said) -> None:
    met = [one for kind in MEANT_TO_BE_VALID for one in said[kind]]
    for row in ALLOWED[judge.name]["mistakes"]:
        assert row["reason"].strip()
        assert any(_fits(row, one) for one in met), f"nothing needs {row['id']}: {row['says']}"


def test_every_fault_that_the_judge_can_see_is_found_and_no_whole_copy_is(
    judge: Judge, said: Said, capsys: pytest.CaptureFixture[str]
) -> None:
    found = {one.name for one in _errors(judge, said["broken"])}
    seen = {f"fault-{number:03}" for number, one in enumerate(FAULTS) if judge.name in _judges_of(one.seen_by)}
    faults = {name for name in found if name.startswith("fault-")}
    with capsys.disabled():
        shown = ", ".join(f"{len(SHOWN[kind]())} {kind}s" for kind in MEANT_TO_BE_VALID)
        rows = len(ALLOWED[judge.name]["mistakes"])
        print(f"\n{judge.name} judged {shown}; it found {len(faults)} of {len(FAULTS)} faults; its list allows {rows}")
    assert [FAULTS[int(name[-3:])] for name in sorted(seen - faults)] == []
    assert found - faults == set()


def test_the_judges_together_see_most_faults_and_each_sees_some() -> None:
    named = [_judges_of(one.seen_by) for one in FAULTS]
    assert {name for names in named for name in names} == set(JUDGES)
    assert sum(bool(names) for names in named) >= len(FAULTS) * 4 // 5


def _judges_of(letters: str) -> set[str]:
    return {LETTERS[letter] for letter in letters}


def _errors(judge: Judge, messages: Iterable[Message]) -> list[Message]:
    return [one for one in messages if not any(_fits(row, one) for row in ALLOWED[judge.name]["mistakes"])]


def _fits(row: dict[str, str], message: Message) -> bool:
    return row["id"] == message.id and row["says"] in message.text
