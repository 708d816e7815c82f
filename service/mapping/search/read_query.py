"""Reads the parameters of a search, as name and value, into what is asked for; it knows no URL and finds nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args
from urllib.parse import parse_qsl

from service.errors import Issue, Refused, refuse
from service.mapping.search.parameters import Parameter, included, including, parameter, parameters
from service.mapping.search.query import Criterion, Query
from service.mapping.search.read_value import read_criterion

Pairs = Sequence[tuple[str, str]]
Summary = Literal["true", "text", "data", "count", "false"]
Total = Literal["none", "estimate", "accurate"]

USUAL_COUNT, MOST = 20, 500
RESULT_PARAMETERS = ("_sort", "_count", "_total", "_summary", "_elements", "_include", "_revinclude")
FORM_PARAMETERS = ("_format", "_pretty")
"""Say how to write the answer; ``negotiation`` reads them."""

SINGLE = ("_sort", "_count", "_total", "_summary", "_elements")
PARAMETER_NAME = re.compile(r"_?[a-z][A-Za-z-]{0,40}")
"""What may be repeated in an answer: the name of a parameter, and nothing that could be an identifier."""


@dataclass(frozen=True, slots=True)
class Search:
    """Hold what a search asks for.

    ``include`` are parameters of the type itself, each with the type of what it may point to ("" for any);
    ``revinclude`` are other types with their parameter. ``used`` are the pairs that were understood, in order, for
    the link self; ``ignored`` says what was not, in a lenient search.
    """

    query: Query
    include: tuple[tuple[Parameter, str], ...] = ()
    revinclude: tuple[tuple[str, Parameter], ...] = ()
    summary: Summary = "false"
    elements: tuple[str, ...] = ()
    total: Total = "estimate"
    used: tuple[tuple[str, str], ...] = ()
    ignored: tuple[Issue, ...] = ()

    @property
    def counts_only(self) -> bool:
        """Tell whether the total alone is asked for."""
        return self.summary == "count" or self.query.count == 0


def read_search(resource_type: str, pairs: Pairs, base: str, *, strict: bool) -> Search:
    """Read the parameters of a search of one type; ``base`` is our own address.

    Raises Refused (400) with every fault. A parameter that the type does not have is a fault in a strict search; in a
    lenient one it is ignored and named. A parameter without a value is ignored always, as R4 says.
    """
    given = [(name, value) for name, value in pairs if value and name not in FORM_PARAMETERS]
    if any("\x00" in text for pair in given for text in pair):
        raise refuse(400, "value", "The search has the character NUL in it; allowed is other text.")
    reading = _Reading(resource_type, base)
    known = [(name, value) for name, value in given if reading.knows(name)]
    unknown = tuple(_unknown(name, resource_type, strict=strict) for name, _ in given if not reading.knows(name))
    search, faults = reading.read(known)
    faults = (*faults, *(unknown if strict else ()))
    if faults:
        raise Refused(400, faults)
    return replace(search, query=_in_reach(search.query), used=tuple(known), ignored=unknown)


def _in_reach(query: Query) -> Query:
    """Order a search for what is later or earlier than a date by that date, where no order is asked for.

    What meets it then begins with the first row that is looked at, however much is stored; R4 leaves the order to us.
    """
    dates = [each for each in query.criteria if each.alternatives and each.alternatives[0].is_date]
    if query.sort or len(dates) != 1 or dates[0].negated or len(dates[0].alternatives) != 1:
        return query
    prefix = dates[0].alternatives[0].prefix
    if prefix in ("eq", "ne"):
        return query
    return replace(query, sort=((dates[0].parameter, prefix in ("gt", "ge", "sa")),))


@dataclass(frozen=True, slots=True)
class History:
    """Hold what a history asks for: the most versions on a page, and the pairs that were understood."""

    count: int = USUAL_COUNT
    used: tuple[tuple[str, str], ...] = ()


def read_history(pairs: Pairs, *, strict: bool) -> History:
    """Read the parameters of a history, which has ``_count`` alone; raise Refused (400) as a search does."""
    given = [(name, value) for name, value in pairs if value and name not in FORM_PARAMETERS]
    counts = tuple((name, value) for name, value in given if name == "_count")
    if len(counts) > 1 or (strict and len(counts) < len(given)):
        text = "The history has a parameter that is not offered, or one twice; allowed, once: _count, _format, _pretty."
        raise refuse(400, "not-supported", text)
    return History(_count(counts[0][1]), counts) if counts else History()


def read_condition(resource_type: str, written: str, base: str) -> Query:
    """Read the query of a conditional request: ``a=b&c=d``, also behind a type or an absolute URL and its ``?``.

    ``base`` is our own address: what is stored may be referred to with it or without.

    Always strict: a condition that is half understood would match what it must not. Raises Refused (400), also for
    a condition that names nothing to look for.
    """
    before, mark, behind = written.partition("?")
    query_alone = not mark or "=" in before  # a value may hold a question mark of its own
    pairs = parse_qsl(written if query_alone else behind, keep_blank_values=True)
    if any(name in (*RESULT_PARAMETERS, *FORM_PARAMETERS) for name, _ in pairs):
        raise refuse(400, "not-supported", "The condition has a parameter that is about the answer's form.")
    query = read_search(resource_type, pairs, base, strict=True).query
    if not query.criteria:
        raise refuse(400, "required", "The condition names nothing to look for; allowed: name=value, joined by &.")
    return replace(query, count=2)


def _unknown(name: str, resource_type: str, *, strict: bool) -> Issue:
    plain = PARAMETER_NAME.fullmatch(name.partition(":")[0])
    named = f"The search parameter {plain.group()}" if plain else "A search parameter"
    allowed = ", ".join((*(each.name for each in parameters(resource_type)), *RESULT_PARAMETERS))
    what = "not offered" if strict else "not offered and was ignored"
    text = f"{named} is {what}; allowed for {resource_type}: {allowed}."
    return Issue("error" if strict else "warning", "not-supported", text)


@dataclass(frozen=True, slots=True)
class _Reading:
    resource_type: str
    base: str

    def knows(self, name: str) -> bool:
        if name in RESULT_PARAMETERS:
            return True
        return parameter(self.resource_type, name.partition(":")[0]) is not None

    def read(self, pairs: Pairs) -> tuple[Search, tuple[Issue, ...]]:
        """Return what was understood, and what was not."""
        search, faults = Search(Query(self.resource_type)), [_repeated(name) for name in SINGLE if _times(name, pairs)]
        for name, value in pairs:
            try:
                search = self._with(search, name, value)
            except Refused as refused:
                faults.extend(refused.issues)
        return search, tuple(faults)

    def _with(self, search: Search, name: str, value: str) -> Search:
        match name:
            case "_sort":
                changed: dict[str, object] = {"query": replace(search.query, sort=self._sort(value))}
            case "_count":
                changed = {"query": replace(search.query, count=_count(value))}
            case "_total":
                changed = {"total": _one_of(name, value, get_args(Total))}
            case "_summary":
                changed = {"summary": _one_of(name, value, get_args(Summary))}
            case "_elements":
                changed = {"elements": tuple(part.strip() for part in value.split(","))}
            case "_include":
                changed = {"include": (*search.include, self._include(value))}
            case "_revinclude":
                changed = {"revinclude": (*search.revinclude, self._revinclude(value))}
            case _:
                changed = {"query": self._asking(search.query, name, value)}
        return replace(search, **changed)  # type: ignore[arg-type]  # each line above gives its field's type

    def _asking(self, query: Query, name: str, value: str) -> Query:
        bare, _, modifier = name.partition(":")
        row = parameter(self.resource_type, bare)
        criterion: Criterion = read_criterion(row, modifier, value, self.base)  # type: ignore[arg-type]  # knows() let it pass
        return replace(query, criteria=(*query.criteria, criterion))

    def _sort(self, value: str) -> tuple[tuple[str, bool], ...]:
        keys = tuple((key.removeprefix("-"), key.startswith("-")) for key in value.split(","))
        if any(parameter(self.resource_type, name) is None for name, _ in keys):
            allowed = ", ".join(each.name for each in parameters(self.resource_type))
            raise refuse(400, "not-supported", f"_sort names a parameter that is not offered; allowed: {allowed}.")
        return keys

    def _include(self, value: str) -> tuple[Parameter, str]:
        kind, _, rest = value.partition(":")
        name, _, target = rest.partition(":")
        rows = included(self.resource_type)
        for row in rows:
            if (kind, name) == (self.resource_type, row.name) and target in ("", *row.targets):
                return row, target
        raise _no_include("_include", [f"{self.resource_type}:{row.name}" for row in rows])

    def _revinclude(self, value: str) -> tuple[str, Parameter]:
        kind, _, rest = value.partition(":")
        name, _, target = rest.partition(":")
        rows = including(self.resource_type)
        for other, row in rows:
            if (kind, name) == (other, row.name) and target in ("", self.resource_type):
                return other, row
        raise _no_include("_revinclude", [f"{other}:{row.name}" for other, row in rows])


def _times(name: str, pairs: Pairs) -> bool:
    return sum(each == name for each, _ in pairs) > 1


def _repeated(name: str) -> Issue:
    return Issue("error", "value", f"The parameter {name} was given more than once; allowed: once.")


def _count(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise refuse(400, "value", f"_count has a value that is not allowed; allowed: a whole number, 0 to {MOST}.")
    # A client's _count is the most it takes, so a smaller page is an answer to it.
    return min(int(value), MOST)


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise refuse(400, "value", f"{name} has a value that is not allowed; allowed: {', '.join(allowed)}.")
    return value


def _no_include(name: str, allowed: list[str]) -> Refused:
    offered = ", ".join(allowed) or "none for this type"
    return refuse(400, "not-supported", f"{name} names something that is not offered; allowed: {offered}.")
