"""The questions of the form, prepared once for each rule book: what hides each, and what its answers say.

It reads no response. What was worked out for one is remembered by the answers that it depends on, for whoever answers
alike; texts and numbers are not remembered.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from service.engine.danger import is_danger
from service.engine.derive import complete
from service.engine.facts import Fact, Facts, Value
from service.engine.leaves import Leaf, Leaves, finding_of, number_leaves
from service.engine.memory import keep
from service.engine.ordered import joined
from service.engine.prepared import prepared
from service.engine.verdict import View, evaluate
from service.knowledge.condition import AtLeast, Condition, Holds, Not, findings_in
from service.knowledge.form import Form, Item
from service.knowledge.model import RuleBook
from service.mapping.answers import Answered
from service.mapping.canonical import NOT_SURE, YES


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer decides: facts by finding, and their bits among the leaves of the form's conditions.

    ``over`` are the bits that these findings can have at all.
    """

    facts: Facts
    bits: int
    over: int


@dataclass(slots=True)
class Seen:
    """Facts gathered on the way through the form, and the bits of all of them."""

    facts: dict[str, Fact] = field(default_factory=dict)
    bits: int = 0

    def take(self, told: Told) -> None:
        """Add what an answer decides; what was known of the same findings gives way."""
        self.facts.update(told.facts)
        self.bits = self.bits & ~told.over | told.bits

    def view(self) -> View:
        """Show the facts to a condition."""
        return View({finding: fact.value for finding, fact in self.facts.items()})


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """One question. ``reads`` are the bits that decide whether it is shown, ``own`` those of each of its findings.

    The last four remember.
    """

    book: RuleBook
    item: Item
    ended_by: tuple[str, ...]
    leaves: Leaves
    reads: int
    own: Mapping[str, int]
    hiding: dict[int, tuple[str, ...]] = field(default_factory=dict)
    ruled_out: dict[tuple[int, tuple[str, ...]], Told] = field(default_factory=dict)
    answered: dict[Answered, Told] = field(default_factory=dict)
    endangering: dict[tuple[str, int], bool] = field(default_factory=dict)

    def hidden_by(self, shown: Seen) -> tuple[str, ...]:
        """Name the findings that keep the form from showing the question; none where it is shown."""
        key = shown.bits & self.reads
        hiding = self.hiding.get(key)
        return keep(self.hiding, key, self._hidden_by(shown.view())) if hiding is None else hiding

    def told(self, answer: Answered) -> Told:
        """Say what an answer decides."""
        if isinstance(answer, Decimal):
            return self._told(answer)
        return self.answered.get(answer) or keep(self.answered, answer, self._told(answer))

    def dangers(self, answer: Answered) -> Told:
        """Say what of an answer speaks for danger, by itself or by what follows from it alone."""
        told = self.told(answer).facts
        return self._of({finding: fact for finding, fact in told.items() if self._endangers(finding, fact)})

    def absent(self, counted: Seen, hiding: tuple[str, ...]) -> Told:
        """Say which findings are absent because a decided answer hides the question, where the book says so."""
        key = (counted.bits & self.reads, hiding)
        return self.ruled_out.get(key) or keep(self.ruled_out, key, self._absent(counted.view(), hiding))

    def _hidden_by(self, view: View) -> tuple[str, ...]:
        condition = self.item.shown_when
        ended = (finding for finding in self.ended_by if view.known.get(finding) is True)
        return (*ended, *(_unmet(condition, view) if condition is not None else ()))

    def _told(self, answer: Answered) -> Told:
        where = (self.item.link_id,)
        return self._of({finding: Fact(value, "response", where) for finding, value in _values(self.item, answer)})

    def _endangers(self, finding: str, fact: Fact) -> bool:
        """Remember what speaks for danger by all that the rules ask of a value: 39.1 is fever as 39.2 is."""
        if fact.value is False:
            return False
        key = (finding, prepared(self.book).leaves.known({finding: fact}))
        known = self.endangering.get(key)
        return keep(self.endangering, key, _endangers(self.book, finding, fact)) if known is None else known

    def _absent(self, view: View, hiding: tuple[str, ...]) -> Told:
        condition = self.item.shown_when
        if condition is None or self.item.not_shown_means != "absent":
            return NOTHING
        if evaluate(condition, view) is not False:
            return NOTHING
        item_of, findings = self.book.form.item_of, self.book.findings
        fact = Fact(False, "not-shown", tuple(dict.fromkeys(item_of[finding] for finding in hiding)))
        return self._of({finding: fact for finding in self.item.findings if findings[finding].kind == "boolean"})

    def _of(self, facts: Facts) -> Told:
        return Told(facts, self.leaves.known(facts), joined(map(self.own.__getitem__, facts)))


NOTHING = Told({}, 0, 0)


@lru_cache(maxsize=8)
def questions_of(book: RuleBook) -> tuple[Asked, ...]:
    """Prepare the questions of a book's form in their order; a text is no question that decides anything."""
    leaves = number_leaves(_conditions(book.form))
    return tuple(
        _asked(book, item, (*group.ended_by, *item.ended_by), leaves)
        for group in book.form.groups
        for item in group.items
        if item.kind != "text"
    )


def _asked(book: RuleBook, item: Item, ended_by: tuple[str, ...], leaves: Leaves) -> Asked:
    conditions = (*map(Holds, ended_by), *([item.shown_when] if item.shown_when is not None else ()))
    reads = joined(leaves.read_by(condition) for condition in conditions)
    return Asked(book, item, ended_by, leaves, reads, {finding: _bits_of(leaves, finding) for finding in item.findings})


def _bits_of(leaves: Leaves, finding: str) -> int:
    """Join the bits of all leaves that ask for a finding."""
    asking = (bits for leaf, bits in leaves.bits.items() if isinstance(leaf, Leaf) and finding_of(leaf) == finding)
    return joined(bits.holds | bits.fails for bits in asking)


def _conditions(form: Form) -> Iterator[Condition]:
    for group in form.groups:
        yield from map(Holds, group.ended_by)
        for item in group.items:
            yield from map(Holds, item.ended_by)
            if item.shown_when is not None:
                yield item.shown_when


def _unmet(condition: Condition, view: View) -> Iterator[str]:
    if _shows(condition, view):
        return
    parts = condition.parts if isinstance(condition, AtLeast) else ()
    for part in parts:
        yield from _unmet(part, view)
    if not parts:
        yield from sorted(findings_in(condition))


def _shows(condition: Condition, view: View) -> bool:
    """Tell whether a form shows the question: without an answer no comparison holds, and so its opposite does (R4)."""
    match condition:
        case Not(part):
            return not _shows(part, view)
        case AtLeast(count, parts):
            return sum(_shows(part, view) for part in parts) >= count
        case _:
            return evaluate(condition, view) is True


def _values(item: Item, answer: Answered) -> Iterator[tuple[str, Value]]:
    """Name the findings an answer decides. Not sure is unknown, but present where the finding says so."""
    if isinstance(answer, str):
        yield item.link_id, answer in (YES, NOT_SURE) if item.kind == "yes-no-not-sure" else frozenset([answer])
    elif item.kind == "checklist" and isinstance(answer, frozenset):
        for finding in item.findings:
            if finding in answer:
                yield finding, True
            elif NOT_SURE not in answer:
                yield finding, False
    else:
        yield item.link_id, answer


def _endangers(book: RuleBook, finding: str, fact: Fact) -> bool:
    """Tell whether an answer, or what follows from it alone, speaks for danger: 39 Cel is fever."""
    follows = complete(book, {finding: fact}).facts
    return any(is_danger(book, name, one.value) for name, one in follows.items())
