"""What is known of one patient: plain facts by finding. A finding that is missing is unknown, never absent."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Value = bool | Decimal | frozenset[str]
Origin = Literal["response", "record", "not-shown", "derived", "contradiction", "service"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One known finding: its value (numbers in the finding's unit), who gave it, and where it stands.

    ``where`` holds linkIds for what was answered, references for what the record says, findings for what was derived.
    """

    value: Value
    origin: Origin
    where: tuple[str, ...] = ()


Facts = Mapping[str, Fact]
