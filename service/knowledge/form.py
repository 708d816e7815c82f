"""The form as plain data: which questions are asked, in which order, and when; it neither writes nor reads FHIR."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from service.knowledge.condition import Condition

ItemKind = Literal["boolean", "yes-no-not-sure", "checklist", "integer", "quantity", "choice", "choices", "text"]


@dataclass(frozen=True, slots=True)
class Unit:
    """How an answer in this unit becomes the unit rules compare in: (value - minus) * times / by."""

    code: str
    name: str
    minus: Decimal
    times: Decimal
    by: Decimal

    def convert(self, value: Decimal) -> Decimal:
        """Return the value in the unit that rules compare in."""
        return (value - self.minus) * self.times / self.by


@dataclass(frozen=True, slots=True)
class Item:
    """One question. ``findings`` is one finding, or those of a checklist in their order.

    ``ended_by`` are the findings whose yes ends the form before this item; ``shown_when`` is the item's own condition,
    and ``not_shown_means`` what a decided answer that hides it says of its findings. ``minimum`` and ``maximum`` are in
    ``unit``.
    """

    link_id: str
    kind: ItemKind
    ask: str
    help: str
    findings: tuple[str, ...]
    required: bool
    ended_by: tuple[str, ...]
    shown_when: Condition | None
    not_shown_means: Literal["absent", "unknown"]
    unit: str
    units: tuple[Unit, ...]
    minimum: Decimal | None
    maximum: Decimal | None
    options: tuple[str, ...]
    rests_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that stand under one heading; ``ended_by`` as for an item, for the whole group."""

    link_id: str
    text: str
    ended_by: tuple[str, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """The whole form.

    ``words`` are the plain words of findings and options, ``item_of`` the linkId that asks a finding.
    """

    version: str
    title: str
    description: str
    groups: tuple[Group, ...]
    words: Mapping[str, str]
    item_of: Mapping[str, str]
    places: Mapping[str, tuple[Group, Item]] = field(init=False, repr=False, compare=False)
    """Each question with its group, by linkId; it follows from ``groups``."""

    def __post_init__(self) -> None:
        places = {item.link_id: (group, item) for group in self.groups for item in group.items}
        object.__setattr__(self, "places", MappingProxyType(places))

    def items(self) -> Iterator[Item]:
        """Visit every question in the order it is asked."""
        for group in self.groups:
            yield from group.items

    def item(self, link_id: str) -> Item:
        """Return the question with this linkId; raise KeyError where there is none."""
        return self.places[link_id][1]
