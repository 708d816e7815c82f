"""One searchable value of one resource, as plain data; how values are found in a resource stands in ``index``."""

from dataclasses import dataclass

EARLIEST = "0001-01-01T00:00:00.000000Z"
LATEST = "9999-12-31T23:59:59.999999Z"
"""The ends of a period that is open: before everything, and after everything."""

LOGICAL = ":identifier"
"""Follows the name of a reference parameter, where the value is not the reference but the identifier beside it."""


@dataclass(frozen=True, slots=True)
class IndexValue:
    """Hold one value that a search parameter finds in a resource; a resource may have several for one parameter.

    ``parameter`` is the name of the search parameter. What the others hold depends on its type:

    - token: ``system`` and ``value``, its code or the identifier's value; an empty text where there is none.
    - reference: ``value`` is ``Type/id``, or the whole URL where that is elsewhere; no version. An identifier that
      stands in place of a reference is a token of a parameter of its own, as ``subject:identifier``.
    - uri and canonical: ``value``; a canonical with a version has two values, with ``|version`` and without.
    - date: ``low`` and ``high``, the first and the last instant that the written precision covers, as UTC text of a
      fixed width (2026-01-31T00:00:00.000000Z), so that texts compare as instants do.
    """

    parameter: str
    system: str = ""
    value: str = ""
    low: str = ""
    high: str = ""
