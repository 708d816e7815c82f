"""Looks whether a store is whole: every row readable, every version in its place, no response half stored."""

import hashlib
import json
import zlib
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from service.edges.store.migrate import revision_of
from service.edges.store.schema import LATEST_REVISION, RECEIVED, VERSION

ROWS_AT_A_TIME = 200
AUDIT_EVENT, RESPONSE = "AuditEvent", "QuestionnaireResponse"
ALWAYS = {RESPONSE, "Provenance", AUDIT_EVENT}
TRIAGED = ALWAYS | {"RiskAssessment", "ServiceRequest"}
WITHDRAWN = "entered-in-error"


def problems(engine: Engine) -> Iterator[str]:
    """Yield a sentence for each problem; none for a store that is whole. No sentence quotes content."""
    with engine.connect().execution_options(reads=True) as connection:
        revision = revision_of(connection)
        if revision != LATEST_REVISION:
            yield f"the tables are at revision '{revision}', not at {LATEST_REVISION}: run 'triage db upgrade'"
            return
        yield from _of_file(connection)
        yield from _of_numbering(connection)
        yield from _of_responses(connection)


def _of_file(connection: Connection) -> Iterator[str]:
    if connection.dialect.name == "sqlite":
        said = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        yield from (f"SQLite: {one}" for one in said if one != "ok")


def _of_numbering(connection: Connection) -> Iterator[str]:
    key = (VERSION.c.tenant, VERSION.c.resource_type, VERSION.c.id)
    gaps = select(*key).group_by(*key).having(func.max(VERSION.c.version) != func.count())
    for row in connection.execute(gaps):
        yield f"{row.resource_type}/{row.id}: a version is missing"


def _of_responses(connection: Connection) -> Iterator[str]:
    """Look at everything that was stored with one version of a response, one version after another."""
    order = (VERSION.c.tenant, VERSION.c.response_id, VERSION.c.response_version)
    query = (
        select(VERSION, RECEIVED.c.sha256, RECEIVED.c.content.label("received"))
        .outerjoin(
            RECEIVED,
            (RECEIVED.c.tenant == VERSION.c.tenant)
            & (RECEIVED.c.response_id == VERSION.c.response_id)
            & (RECEIVED.c.response_version == VERSION.c.response_version)
            & (VERSION.c.resource_type == RESPONSE),
        )
        .order_by(*order, VERSION.c.sequence)
    )
    rows = connection.execution_options(yield_per=ROWS_AT_A_TIME).execute(query)
    for (_, response_id, _), group in groupby(rows, lambda row: (row.tenant, row.response_id, row.response_version)):
        # What belongs to no response are events, by the million: each is looked at by itself.
        for together in ([row] for row in group) if response_id == "" else (list(group),):
            yield from _of_one(together)


def _of_one(rows: Sequence[Any]) -> Iterator[str]:
    kinds = {row.resource_type for row in rows}
    contents = {(row.resource_type, row.id): _content(row) for row in rows}
    for row in rows:
        content = contents[row.resource_type, row.id]
        if content is None or content.get("id") != row.id or content["meta"]["versionId"] != str(row.version):
            yield f"{row.resource_type}/{row.id}/_history/{row.version}: the content is not what the row says"
    if kinds == {AUDIT_EVENT}:
        return  # of an access or a purge, or what is left of a response that was purged
    response = next((row for row in rows if row.resource_type == RESPONSE), None)
    name = f"{RESPONSE}/{rows[0].response_id}/_history/{rows[0].response_version}"
    withdrawn = response is not None and (contents[RESPONSE, response.id] or {}).get("status") == WITHDRAWN
    lacking = (ALWAYS if withdrawn else TRIAGED) - kinds
    if lacking:
        yield f"{name}: stored without {', '.join(sorted(lacking))}"
    if response is not None and not _is_as_received(response):
        yield f"{name}: the bytes received are missing or changed"


def _content(row: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    try:
        return json.loads(zlib.decompress(row.content))
    except (zlib.error, ValueError):
        return None


def _is_as_received(row: Any) -> bool:  # noqa: ANN401 - a row of the query above
    if row.received is None:
        return False
    try:
        return bool(hashlib.sha256(zlib.decompress(row.received)).hexdigest() == row.sha256)
    except zlib.error:
        return False
