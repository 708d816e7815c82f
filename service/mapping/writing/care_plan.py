"""The CarePlan: what the plan suggests after the level, and what must not be done; a draft, never an order."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from service.engine.assessment import Forbidden, Suggested
from service.knowledge.model import Activity
from service.mapping.writing import canonicals
from service.mapping.writing.codings import activity_concept, category_concept
from service.mapping.writing.envelope import named, software, whose, written_at
from service.mapping.writing.instruction import UNREAD, level_sentence, level_then_instruction, unproven_words
from service.mapping.writing.material import Material
from service.mapping.writing.openings import scope_words
from service.mapping.writing.plan_words import activity_words, forbidden_words, is_calm, left_out_points
from service.mapping.writing.reasons import level_statements
from service.mapping.writing.result_extensions import level_extension
from service.mapping.writing.stories import plan_story
from service.mapping.writing.support_extensions import rests_on
from service.mapping.writing.xhtml import narrative


def care_plan(material: Material) -> dict[str, Any]:
    """Write the CarePlan of one assessment; the policy must be live."""
    return {
        **named(material, "CarePlan", canonicals.CARE_PLAN_PROFILE),
        "text": narrative(plan_story(material), material.escape),
        "extension": level_extension(material),
        "instantiatesCanonical": [f"{canonicals.PLAN_DEFINITION}|{material.book.version}"],
        "status": "draft",
        "intent": "proposal",
        "category": material.json_once(("category",), lambda: [category_concept(material.book)]),
        "title": f"{level_sentence(material)[:-1]} (proposal, upper back pain)",
        "description": level_then_instruction(material),
        **whose(material),
        **written_at(material, "created"),
        "author": software(material),
        "supportingInfo": [{"reference": material.references["RiskAssessment"]}, dict(material.header.reference)],
        "activity": material.listed(_activities(material)),
        "note": _notes(material),
    }


def _activities(material: Material) -> Iterator[dict[str, Any]]:
    """Write the level first, then what is suggested, then what is forbidden."""
    plan = material.assessment.plan
    yield {
        "extension": rests_on(_level_rests_on(material)),
        "reference": {"reference": material.references["ServiceRequest"]},
    }
    for suggested in plan.suggested:
        if not material.book.activities[suggested.activity].level:
            told = ("suggested", suggested, is_calm(material), plan.watch_for, material.assessment.ask_next)
            yield material.json_once(told, partial(_suggested, material, suggested))
    for forbidden in plan.forbidden:
        key = ("not to do", forbidden, material.known(forbidden.findings))
        yield material.json_once(key, partial(_forbidden, material, forbidden))


def _level_rests_on(material: Material) -> list[str]:
    """Name the statements of the rules that decided the level; where none did, those of the level's own activity."""
    deciding = material.assessment.deciding
    ids = [statement.id for rule in deciding for statement in level_statements(material, rule)]
    return ids or list(material.level_activity.rests_on)


def _suggested(material: Material, suggested: Suggested) -> dict[str, Any]:
    activity = material.book.activities[suggested.activity]
    detail = {**_detail(material, activity), "description": activity_words(material, activity)}
    return {"extension": rests_on(suggested.rests_on), "detail": detail}


def _forbidden(material: Material, forbidden: Forbidden) -> dict[str, Any]:
    """Write what a known fact forbids; an activity that says "do not" itself is never negated twice."""
    activity = material.book.activities[forbidden.activity]
    detail = _detail(material, activity)
    if not activity.id.startswith("do-not-"):
        detail["doNotPerform"] = True
    detail["description"] = forbidden_words(material, forbidden)
    return {"extension": rests_on([material.book.withholdings[forbidden.withholding].statement]), "detail": detail}


def _detail(material: Material, activity: Activity) -> dict[str, Any]:
    kind = {"kind": activity.kind} if activity.kind else {}
    return {**kind, "code": activity_concept(material.book, activity), "status": "not-started"}


def _notes(material: Material) -> list[dict[str, str]]:
    """Name once what was left out and why, and say what a reader must know of the plan as a whole."""
    left_out = " ".join(left_out_points(material))
    unread = UNREAD if material.header.free_texts else ""
    left_out_note = f"Left out of the plan: {left_out}" if left_out else ""
    notes = (unproven_words(material), left_out_note, unread, scope_words(material), material.book.intended_use)
    return [{"text": one} for one in notes if one]
