"""HAPI's FhirInstanceValidator finds no error in what a running service answers, on every route, in JSON and in XML.

Every route of /openapi.json is asked in many ways (`rest/recorded.py`), and each answer judged once, whatever its
status. What was asked for in parts (_summary, _elements) is marked SUBSETTED and may lack what our profiles demand; it
is judged all the same, with a list of its own, and counted apart. Answers in FHIR 5.0 are not for a judge of R4.
`make judges` judges a share of the answers that has every route, status and form in it; RECORDED_ANSWERS=1000 in
`make soak` is the least number of answers, no two of them alike, that must be judged; 0 judges all.
"""

import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.edges.test_tokens import issuers, token
from tests.judges.hapi_judge import Message, judged, missing_part
from tests.judges.maven import PartMissingError
from tests.judges.rest.recorded import record, record_guarded, record_without_store
from tests.judges.rest.recorder import Recorded
from tests.stored_server import running_service

WANTED = int(os.environ.get("RECORDED_ANSWERS", "250"))
HERE = Path(__file__).parent
OF_JUDGE: dict[str, Any] = yaml.safe_load((HERE / "hapi" / "allowed.yaml").read_text("utf-8"))
OWN: dict[str, Any] = yaml.safe_load((HERE / "rest" / "allowed.yaml").read_text("utf-8"))
NOT_FHIR = {"GET /livez", "GET /readyz", "GET /openapi.json"}
"""Routes that answer plain JSON, which is no resource."""
NOWHERE = "postgresql://triage@127.0.0.1:1/none"
STATUSES = {200, 201, 400, 401, 403, 404, 405, 406, 409, 412, 413, 414, 415, 422, 429, 431, 503}
"""What must have been seen beside 304, which has no body; 408 and 501 are shown in tests/web."""

pytestmark = [
    pytest.mark.needs("java"),
    pytest.mark.skipif(bool(missing_part()), reason=missing_part() or "there"),
]
Key = tuple[str, int, str, bool]


@dataclass(frozen=True, slots=True)
class Judged:
    """What was recorded, what of it was shown to the judge by name, and what the judge said."""

    kept: tuple[Recorded, ...]
    routes: frozenset[str]
    shown: dict[str, Recorded]
    said: list[Message] = field(default_factory=list)

    def errors(self, *, subset: bool) -> list[tuple[str, Message]]:
        return [(self.shown[one.name].asked, one) for one in self._of("error", "fatal", subset=subset)]

    def warnings(self, *, subset: bool) -> list[tuple[str, Message]]:
        return [(self.shown[one.name].asked, one) for one in self._of("warning", subset=subset)]

    def _of(self, *severities: str, subset: bool) -> Iterator[Message]:
        part = "warnings" if "warning" in severities else "mistakes"
        rows = [*OF_JUDGE[part], *OWN[part], *(OWN["left-out"] if subset else ())]
        for one in self.said:
            is_met = one.severity in severities and self.shown[one.name].is_subset is subset
            if is_met and not any(_fits(row, one) for row in rows):
                yield one


def _fits(row: dict[str, str], message: Message) -> bool:
    return row["id"] == message.id and row["says"] in message.text


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    """Record the answers, and show the judge those of each route that are not alike."""
    kept, routes = _recorded(tmp_path_factory.mktemp("recorded"))
    distinct = list({(one.route, one.body): one for one in kept if one.is_resource}.values())
    chosen = _share(distinct, WANTED) if 0 < WANTED < len(distinct) else distinct
    shown = {f"{number:05}.{one.name}": one for number, one in enumerate(chosen)}
    try:
        said = judged({name: one.body for name, one in shown.items()})
    except PartMissingError as reason:
        pytest.skip(f"NOT RUN: {reason}")
    return Judged(tuple(kept), routes, shown, said)


def _recorded(folder: Path) -> tuple[list[Recorded], frozenset[str]]:
    """Record a service that answers, one that asks for tokens and counts, and one whose database is not there."""
    with running_service(f"sqlite:///{folder}/triage.sqlite3", folder, 1) as service:
        kept, routes = record(service)
    asking = {"ISSUERS": str(issuers(folder)), "REQUESTS_PER_MINUTE": "20"}
    with running_service(f"sqlite:///{folder}/guarded.sqlite3", folder, 1, **asking) as service:
        kept += record_guarded(service, token(scope="system/CarePlan.r"))
    with running_service(NOWHERE, folder, 1) as service:
        kept += record_without_store(service)
    return kept, routes


def _share(answers: list[Recorded], wanted: int) -> list[Recorded]:
    """Choose so many: of each route, status, form and kind of answer the shortest, then the second shortest, ..."""
    by_kind: dict[Key, list[Recorded]] = defaultdict(list)
    for one in sorted(answers, key=lambda each: len(each.body)):
        by_kind[one.route, one.status, one.name, one.is_subset].append(one)
    deepest = max(map(len, by_kind.values()))
    ranked = [rows[rank] for rank in range(deepest) for rows in by_kind.values() if rank < len(rows)]
    return ranked[: max(wanted, len(by_kind))]


def test_every_route_and_status_was_seen_and_enough_was_judged(
    answers: Judged, capsys: pytest.CaptureFixture[str]
) -> None:
    by_route = Counter(one.route for one in answers.shown.values())
    subsets = sum(one.is_subset for one in answers.shown.values())
    with capsys.disabled():
        print(f"\n{len(answers.kept)} answers recorded; judged {len(answers.shown)}, no two alike, {subsets} in parts")
        print("\n".join(f"{count:5} {route}" for route, count in sorted(by_route.items())))
    assert by_route.keys() >= answers.routes - NOT_FHIR
    assert {one.status for one in answers.shown.values()} >= STATUSES
    assert {one.name for one in answers.shown.values()} == {"json", "xml"}
    assert len(answers.kept) >= 1000
    assert len(answers.shown) >= (WANTED or 1000)


def test_no_failure_of_the_service_was_recorded(answers: Judged) -> None:
    assert [one.asked for one in answers.kept if one.status == 500] == []


@pytest.mark.parametrize("subset", [False, True], ids=["whole", "in parts"])
def test_no_answer_has_an_error(answers: Judged, subset: bool) -> None:
    assert answers.errors(subset=subset) == []


@pytest.mark.parametrize("subset", [False, True], ids=["whole", "in parts"])
def test_every_warning_is_on_the_list(answers: Judged, subset: bool) -> None:
    assert answers.warnings(subset=subset) == []


def test_what_is_marked_as_subsetted_was_asked_for_in_parts_and_the_other_way_round(answers: Judged) -> None:
    marked = {one.asked for one in answers.shown.values() if b"SUBSETTED" in one.body and one.status == 200}
    assert {asked for asked in marked if not any(part in asked for part in ("_summary=", "_elements="))} == set()
    for one in answers.shown.values():
        if one.is_subset and "/" in one.asked and b'"entry"' not in one.body and b'"Bundle"' not in one.body:
            assert b"SUBSETTED" in one.body or b"<Bundle" in one.body, one.asked


def test_the_list_has_a_reason_for_each_row() -> None:
    assert all(row["reason"].strip() for rows in OWN.values() for row in rows)


@pytest.mark.skipif(0 < WANTED < 1000, reason="NOT RUN: a share of the answers does not need every row; `make soak`")
def test_the_list_has_no_row_too_many(answers: Judged) -> None:
    for part, rows in OWN.items():
        for row in rows:
            assert any(_fits(row, one) for one in answers.said), f"{part}: nothing needs {row['id']}"
