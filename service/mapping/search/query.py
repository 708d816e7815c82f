"""What a search asks for, as plain data; ``read_query`` reads it from a URL, ``match`` meets it in memory."""

from dataclasses import dataclass
from typing import Literal

Prefix = Literal["eq", "ne", "gt", "lt", "ge", "le", "sa", "eb"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Hold one alternative of a criterion: a value that is looked for.

    For token, reference and uri: ``system`` and ``value`` are compared with those of an IndexValue, exactly; None
    takes any, and an empty text only the empty one. For dates both are None, and ``low`` and ``high`` are the first
    and last instant of what was asked for, compared with an IndexValue of parameter p as R4's prefixes say:

    ==  =====================================================
    eq  p.low >= low and p.high <= high
    ne  not eq
    gt  p.high > high
    ge  p.high > high, or eq
    lt  p.low < low
    le  p.low < low, or eq
    sa  p.low > high
    eb  p.high < low
    ==  =====================================================
    """

    system: str | None = None
    value: str | None = None
    prefix: Prefix = "eq"
    low: str = ""
    high: str = ""

    @property
    def is_date(self) -> bool:
        """Tell whether the alternative is compared as a date."""
        return bool(self.low)


@dataclass(frozen=True, slots=True)
class Criterion:
    """Ask for resources that have, for a parameter, a value that meets one of the alternatives.

    ``negated`` asks for those that have none that does, among them those without any value (:not). ``missing`` asks
    for those without any value (True) or with at least one (False); there are no alternatives then.
    """

    parameter: str
    alternatives: tuple[Wanted, ...] = ()
    missing: bool | None = None
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Cursor:
    """Say where a page begins: beyond one resource, in the order of the query.

    ``keys`` are that resource's sort keys, one per parameter of ``Query.sort`` (a token's or reference's value, a
    date's low); None where it has no value. ``sequence`` is its place in the order of arrival, which decides among
    equals. ``bound`` is the last sequence that the first page saw: what arrived later is on no page. A ``backward``
    cursor is the start of the page before: the resources that stand immediately before it.
    """

    keys: tuple[str | None, ...]
    sequence: int
    bound: int
    backward: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """Ask for one page of the resources of a type; all criteria are to be met.

    ``sort`` holds parameters and whether each descends: the key of a resource with several values is the least,
    descending the greatest; one without any stands last either way; among equals the first to arrive stands first.
    ``count`` is the most resources on the page; 0 asks for the total alone.
    """

    resource_type: str
    criteria: tuple[Criterion, ...] = ()
    sort: tuple[tuple[str, bool], ...] = ()
    count: int = 20
    cursor: Cursor | None = None
