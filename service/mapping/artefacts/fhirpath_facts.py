"""Says, as formulas over the answers, when each finding is present and when it is absent; it reads no response.

It holds for a response that is valid for the Questionnaire, so that what the form hides has no answer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from service.knowledge.condition import (
    Always,
    AtLeast,
    Chosen,
    Compares,
    Condition,
    Holds,
    Not,
    Term,
    UnlessAll,
)
from service.knowledge.form import Item
from service.knowledge.model import Derivation, RuleBook
from service.mapping.artefacts.fhirpath_formula import (
    CONVERSE,
    FALSE,
    TRUE,
    Denied,
    Formula,
    Given,
    Measured,
    Written,
    all_of,
    any_of,
    opposite,
)
from service.mapping.canonical import NOT_SURE, YES


@dataclass(frozen=True, slots=True)
class Known:
    """When something is known to be true, and when known to be false; never both, and where neither, it is open."""

    true: Formula
    false: Formula

    @property
    def open(self) -> Formula:
        """Return when it is open."""
        return all_of([opposite(self.true), opposite(self.false)])


Findings = Mapping[str, Known]
NOTHING = Known(FALSE, FALSE)


def findings_of(book: RuleBook) -> dict[str, Known]:
    """Name every yes/no finding with what makes it present and absent: answers, derivations, contradictions.

    What only the service knows of a response, as that its answers are old, stays open.
    """
    known: dict[str, Known] = {}
    for item in book.form.items():
        known |= dict(_answered(item))
        if item.shown_when is not None and item.not_shown_means == "absent":
            hidden = verdict(item.shown_when, known).false
            for finding in item.findings:
                known[finding] = Known(known[finding].true, any_of([known[finding].false, hidden]))
    known["free-text"] = _unread_text(book)
    known |= {finding: NOTHING for finding in book.findings if finding not in known}
    for derivation in book.derivations:
        known[derivation.finding] = _derived(known[derivation.finding], derivation, known)
    for contradiction in book.contradictions:
        when = verdict(contradiction.when, known).true
        known[contradiction.finding] = _reread(known[contradiction.finding], when, contradiction.present)
    return known


def _answered(item: Item) -> Iterator[tuple[str, Known]]:
    match item.kind:
        case "boolean":
            yield item.link_id, _answered_with(item, frozenset({"true"}))
        case "yes-no-not-sure":
            yield item.link_id, _answered_with(item, frozenset({YES, NOT_SURE}))
        case "checklist":
            for finding in item.findings:
                chosen = frozenset({finding})
                yield finding, Known(Given(item.link_id, chosen), Denied(item.link_id, chosen | {NOT_SURE}))
        case _:
            return


def _answered_with(item: Item, answers: frozenset[str]) -> Known:
    return Known(Given(item.link_id, answers), Denied(item.link_id, answers))


def _unread_text(book: RuleBook) -> Known:
    written = any_of(Written(item.link_id) for item in book.form.items() if item.kind == "text")
    return Known(written, opposite(written))


def _derived(before: Known, derivation: Derivation, known: Findings) -> Known:
    when = verdict(derivation.when, known).true
    if not derivation.only_where_unknown:
        return _reread(before, when, derivation.present)
    if derivation.present:
        return Known(any_of([before.true, all_of([when, opposite(before.false)])]), before.false)
    return Known(before.true, any_of([before.false, all_of([when, opposite(before.true)])]))


def _reread(before: Known, when: Formula, present: bool) -> Known:
    if present:
        return Known(any_of([before.true, when]), all_of([before.false, opposite(when)]))
    return Known(all_of([before.true, opposite(when)]), any_of([before.false, when]))


def doubting(book: RuleBook, findings: Findings) -> dict[str, Known]:
    """Return the findings with every open reassurance absent, as the engine reads an undecided rule."""
    reassuring = {one.id for one in book.findings.values() if one.reassuring}
    return {
        finding: Known(known.true, opposite(known.true)) if finding in reassuring else known
        for finding, known in findings.items()
    }


def verdict(  # noqa: PLR0911 - one return for each kind of condition
    condition: Condition, findings: Findings, *, doubt: bool = False
) -> Known:
    """Say when a condition holds, and when it does not; with doubt an open exemption does not exempt."""
    match condition:
        case Holds(finding):
            return findings[finding]
        case Compares(measure, operator, threshold):
            return Known(Measured(measure, operator, threshold), Measured(measure, CONVERSE[operator], threshold))
        case Chosen(choice, option):
            return Known(Given(choice, frozenset({option})), Denied(choice, frozenset({option})))
        case Term(_, part):
            return verdict(part, findings, doubt=doubt)
        case Not(part):
            known = verdict(part, findings, doubt=doubt)
            return Known(known.false, known.true)
        case AtLeast(count, parts):
            return _at_least(count, [verdict(part, findings, doubt=doubt) for part in parts])
        case UnlessAll(part, exemptions):
            exempt = _at_least(len(exemptions), [verdict(one, findings, doubt=doubt) for one in exemptions])
            holds = Known(opposite(exempt.true) if doubt else exempt.false, exempt.true)
            return _at_least(2, [verdict(part, findings, doubt=doubt), holds])
        case Always():
            return Known(TRUE, FALSE)
        case _:
            raise TypeError(f"a rule asks nothing of the kind {type(condition).__name__}")


def _at_least(count: int, parts: list[Known]) -> Known:
    """Hold where so many parts hold, and fail where so many fail that the rest cannot be enough."""
    return Known(
        any_of(all_of(one.true for one in some) for some in combinations(parts, count)),
        any_of(all_of(one.false for one in some) for some in combinations(parts, len(parts) - count + 1)),
    )
