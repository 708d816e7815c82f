"""The narratives of the results as sections, the level first; each is to be read on its own."""

from service.mapping.writing.instruction import (
    TEST_DATA,
    UNREAD,
    instruction,
    level_sentence,
    status_words,
    unproven_words,
)
from service.mapping.writing.material import Material
from service.mapping.writing.openings import answer_sections, free_text_section, open_section, scope_words
from service.mapping.writing.plan_words import plan_sections
from service.mapping.writing.reasons import cause_section, reason_sections, why_section
from service.mapping.writing.xhtml import Section


def risk_story(material: Material) -> tuple[Section, ...]:
    """Tell the whole result; a policy that is not live has no plan, here as in the Bundle."""
    return (
        _level(material, status_words(material), scope_words(material)),
        *free_text_section(material),
        *reason_sections(material),
        *answer_sections(material),
        *cause_section(material),
        *(plan_sections(material) if material.policy.live else ()),
        _about(material),
    )


def plan_story(material: Material) -> tuple[Section, ...]:
    """Tell the plan: level, what to do, what must not be done, what was left out, what is open."""
    unread = UNREAD if material.header.free_texts else ""
    return (
        _level(material, unread, scope_words(material)),
        *plan_sections(material),
        *open_section(material),
        _about(material),
    )


def request_story(material: Material) -> tuple[Section, ...]:
    """Tell the request: level, how, and why."""
    return (_level(material), why_section(material), _about(material))


def _level(material: Material, *more: str) -> Section:
    told = instruction(material).removeprefix(level_sentence(material)).strip()
    test = TEST_DATA if material.is_test_data else ""
    words = (test, unproven_words(material), told, *more)
    return Section(level_sentence(material)[:-1], tuple(one for one in words if one))


def _about(material: Material) -> Section:
    policy = material.policy
    signed = (
        f", signed off by {material.run.policy_signed_by} on {material.run.policy_signed_on}"
        if material.run.policy_signed_by
        else ""
    )
    book = f"Rule book {material.book.version} (SHA-256 {material.book.digest})"
    made = f"{book}, policy {policy.id}: {policy.title}{signed}."
    return Section("About this result", (material.book.intended_use, made))
