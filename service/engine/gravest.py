"""Chooses among readings of one patient where response and record differ: the gravest, with the most careful plan."""

from collections.abc import Sequence
from dataclasses import replace

from service.engine.assessment import Assessment, Plan
from service.knowledge.model import RuleBook


def gravest(book: RuleBook, assessments: Sequence[Assessment]) -> Assessment:
    """Keep the gravest assessment: by level, then ceiling, then what fired.

    Its plan suggests only what no other reading withholds, and forbids what any of them forbids.
    """
    chosen = max(
        assessments,
        key=lambda one: (
            book.levels[one.level].rank,
            book.levels[one.ceiling].rank,
            sum(traced.verdict == "fired" for traced in one.trace),
        ),
    )
    for other in assessments:
        if other is not chosen:
            chosen = replace(chosen, plan=_careful(chosen.plan, other.plan))
    return chosen


def _careful(plan: Plan, other: Plan) -> Plan:
    """Take from a plan what the other reading forbids or leaves out, and say so in the other's words."""
    suggested = {one.activity for one in plan.suggested}
    forbidden = {one.activity for one in plan.forbidden}
    also_forbidden = [one for one in other.forbidden if one.activity not in forbidden]
    withheld = {one.activity for one in other.forbidden} | {one.activity for one in other.left_out}
    return replace(
        plan,
        suggested=tuple(one for one in plan.suggested if one.activity not in withheld),
        forbidden=(*plan.forbidden, *also_forbidden),
        left_out=(
            *(one for one in plan.left_out if one.activity not in {also.activity for also in also_forbidden}),
            *(one for one in other.left_out if one.activity in suggested),
        ),
    )
