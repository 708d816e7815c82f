"""The store: reads, writes and finds versions of resources by SQL; what they mean is decided elsewhere."""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, bindparam, select
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from service.edges.store.adding import add, add_versions
from service.edges.store.connect import SECONDS_TO_WAIT, for_single_statements
from service.edges.store.history import history_page
from service.edges.store.migrate import is_current
from service.edges.store.records import (
    UPGRADE,
    NewVersion,
    Page,
    Received,
    Record,
    StoreBehind,
    StoredContent,
    StoreDown,
    VersionTaken,
)
from service.edges.store.rows import RECORD, family, numbered, record_of, row_of, row_of_received, short
from service.edges.store.schema import RECEIVED, VALUE, VERSION
from service.edges.store.searching import search_page
from service.edges.store.snapshot import is_latest
from service.mapping.search.query import Cursor, Query

RESPONSE = "QuestionnaireResponse"

NAMED = and_(
    VERSION.c.tenant == bindparam("tenant"),
    VERSION.c.resource_type == bindparam("resource_type"),
    VERSION.c.id == bindparam("id"),
)
LATEST = select(*RECORD).where(NAMED).order_by(VERSION.c.version.desc()).limit(1)
ONE_VERSION = select(*RECORD).where(NAMED, VERSION.c.version == bindparam("version"))
CONTENTS = select(VERSION.c.version, VERSION.c.digest).where(NAMED).order_by(VERSION.c.version)
"""Put together once: to do so took longer than to have them answered."""


class Store:
    """Keep versions of resources in one database. Every method raises StoreDown where the database does not answer."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._single = for_single_statements(engine)
        self._is_known_to_be_current = False
        self._turn = Lock() if engine.dialect.name == "sqlite" else None

    def ping(self) -> None:
        """Ask the database for anything at all; raise StoreBehind where its tables are not those of this version."""
        with _faults():
            if not is_current(self.engine):
                raise StoreBehind(f"the database is not at this version's revision; {UPGRADE}")
        self._is_known_to_be_current = True

    def read(self, tenant: str, resource_type: str, resource_id: str) -> Record | None:
        """Read the latest version of a resource; None where there is none."""
        return self._one(LATEST, tenant=tenant, resource_type=resource_type, id=resource_id)

    def read_version(self, tenant: str, resource_type: str, resource_id: str, version: int) -> Record | None:
        """Read one version of a resource; None where there is none."""
        return self._one(ONE_VERSION, tenant=tenant, resource_type=resource_type, id=resource_id, version=version)

    def history(
        self, tenant: str, resource_type: str, resource_id: str | None, count: int, cursor: Cursor | None
    ) -> Page:
        """Page through the versions of a resource, or of all of a type, the newest first; total for one resource."""
        with self._reading() as connection:
            return history_page(connection, (tenant, resource_type, resource_id), count, cursor)

    def search(self, tenant: str, query: Query, want_total: bool, most_counted: int | None = None) -> Page:
        """Page through the latest versions that meet a query; the pages of one search show one moment.

        A total above ``most_counted`` is None.
        """
        with self._reading() as connection:
            return search_page(connection, tenant, query, want_total=want_total, most_counted=most_counted)

    def read_many(self, tenant: str, references: Iterable[str]) -> tuple[Record, ...]:
        """Read what references name (``Type/id``, ``Type/id/_history/version``), in order, without what is missing."""
        found = []
        for reference in dict.fromkeys(references):
            match reference.split("/"):
                case [kind, resource_id]:
                    found.append(self.read(tenant, kind, resource_id))
                case [kind, resource_id, "_history", version] if version.isdigit():
                    found.append(self.read_version(tenant, kind, resource_id, int(version)))
        return tuple(record for record in found if record is not None)

    def referring(
        self, tenant: str, resource_type: str, parameter: str, references: Sequence[str], most: int = 1000
    ) -> tuple[Record, ...]:
        """Read the latest versions of a type whose parameter holds one of the references, in the order of arrival."""
        refers = select(VALUE.c.sequence).where(
            VALUE.c.family == family(tenant, resource_type, parameter),
            VALUE.c.value.in_([short(r) for r in references]),
        )
        query = (
            select(*RECORD)
            .where(VERSION.c.tenant == tenant, VERSION.c.resource_type == resource_type)
            .where(VERSION.c.sequence.in_(refers), is_latest())
            .order_by(VERSION.c.sequence)
            .limit(most)
        )
        return tuple(self._records(query))

    def contents(self, tenant: str, response_id: str) -> tuple[StoredContent, ...]:
        """List the stored versions of a response, the first one first, each with its content digest."""
        asked = {"tenant": tenant, "resource_type": RESPONSE, "id": response_id}
        with self._asking_once() as connection:
            return tuple(StoredContent(row.version, row.digest) for row in connection.execute(CONTENTS, asked).all())

    def stored_with(self, tenant: str, response_id: str, version: int) -> tuple[Record, ...]:
        """Read everything that was stored together with one version of a response, itself among it."""
        query = select(*RECORD).where(_belongs(tenant, response_id), VERSION.c.response_version == version)
        return tuple(self._records(query.order_by(VERSION.c.sequence)))

    def latest_of_response(self, tenant: str, response_id: str, types: Sequence[str]) -> tuple[Record, ...]:
        """Read the latest version of every resource of some types that belongs to a response, in order of arrival."""
        query = select(*RECORD).where(_belongs(tenant, response_id), VERSION.c.resource_type.in_(types))
        return tuple(self._records(query.where(is_latest()).order_by(VERSION.c.sequence)))

    def received(self, tenant: str, response_id: str, version: int) -> Received | None:
        """Read the bytes that one version of a response was received as; None where there are none."""
        query = select(RECEIVED).where(
            RECEIVED.c.tenant == tenant,
            RECEIVED.c.response_id == response_id,
            RECEIVED.c.response_version == version,
        )
        with self._reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else received_of(row)

    def write(self, versions: Sequence[NewVersion], received: Sequence[Received] = ()) -> None:
        """Write all of it in one transaction and return when it is durable.

        Raises VersionTaken where any of the versions exists already; nothing is written then.
        """
        rows = [row_of(one) for one in versions]
        originals = [row_of_received(one) for one in received]
        self._demand_current()
        with self._in_turn(), _faults(), self.engine.begin() as connection:
            add(connection, VALUE, numbered(versions, add_versions(connection, rows)))
            add(connection, RECEIVED, originals)

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """Let threads wait for each other: SQLite has one writer, and lets the next one sleep before it asks again."""
        if self._turn is None:
            yield
            return
        if not self._turn.acquire(timeout=SECONDS_TO_WAIT):
            raise StoreDown("others keep writing")
        try:
            yield
        finally:
            self._turn.release()

    def _one(self, query: Select[Any], **asked: str | int) -> Record | None:
        with self._asking_once() as connection:
            row = connection.execute(query, asked).first()
        return None if row is None else record_of(row)

    def _records(self, query: Select[Any]) -> Iterator[Record]:
        with self._reading() as connection:
            rows = connection.execute(query).all()
        return map(record_of, rows)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        self._demand_current()
        with _faults(), self.engine.connect().execution_options(reads=True) as connection:
            yield connection

    @contextmanager
    def _asking_once(self) -> Iterator[Connection]:
        self._demand_current()
        with _faults(), self._single.connect() as connection:
            yield connection

    def _demand_current(self) -> None:
        if not self._is_known_to_be_current:
            self.ping()


@contextmanager
def _faults() -> Iterator[None]:
    """Tell a version that is taken from a database that does not answer; what is wrong with a statement is a fault."""
    try:
        yield
    except IntegrityError:
        raise VersionTaken("another writer was first") from None
    except (OperationalError, PoolTimeoutError) as error:
        raise StoreDown(f"the database does not answer: {type(error).__name__}") from None
    except DBAPIError as error:
        if error.connection_invalidated:
            raise StoreDown("the connection to the database broke") from None
        raise


def received_of(row: Any) -> Received:  # noqa: ANN401 - a row of RECEIVED
    """Read a row of the table received."""
    return Received(row.tenant, row.response_id, row.response_version, row.sha256, zlib.decompress(row.content))


def _belongs(tenant: str, response_id: str) -> ColumnElement[bool]:
    return and_(VERSION.c.tenant == tenant, VERSION.c.response_id == response_id)
