"""The plan in words: what it suggests, what must not be done, what was left out, and why; it chooses nothing."""

from collections.abc import Iterator
from functools import partial

from service.engine.assessment import Forbidden, LeftOut
from service.knowledge.model import Activity, Withholding
from service.mapping.writing.material import Material
from service.mapping.writing.questions import questions_about, together
from service.mapping.writing.words import answers_words, book_words, cited, level_words, sentence
from service.mapping.writing.xhtml import Section

STANDING_SIGNS = "strictest"
"""The policy by which a sign is grave enough to watch for, whatever the policy of the result."""

OPEN_QUESTIONS = "answer-open-questions"
SAFETY_NET = "safety-net"
TAKEN_ALREADY = "If it is taken already, ask before taking more."


def plan_sections(material: Material) -> tuple[Section, ...]:
    """Say what the plan suggests after the level, what must not be done, and what was left out."""
    return material.again("plan", lambda: tuple(_plan_sections(material)))


def _plan_sections(material: Material) -> Iterator[Section]:
    plan = material.assessment.plan
    activities = [material.book.activities[one.activity] for one in plan.suggested]
    points = tuple(short_words(material, one) for one in activities if not one.level)
    if points:
        yield Section("The plan", (), points)
    if plan.forbidden:
        yield Section("What must not be done", (), tuple(forbidden_words(material, one) for one in plan.forbidden))
    for level, signs in watched_signs(material):
        yield Section(f"{sentence(level_words(material, level))[:-1]} if one of these appears", (), signs)
    left_out = tuple(left_out_points(material))
    if left_out:
        yield Section("Left out of the plan", (), left_out)


def short_words(material: Material, activity: Activity) -> str:
    """Say an activity without the lists that belong to it."""
    calm = is_calm(material)
    return material.once(("short", activity.id, calm), lambda: _short_words(material, activity, calm=calm))


def is_calm(material: Material) -> bool:
    """Tell whether the level is below emergency."""
    return material.rank(material.assessment.level) < material.rank("emergency")


def _short_words(material: Material, activity: Activity, *, calm: bool) -> str:
    said = (activity.title, activity.detail, activity.below_emergency if calm else "")
    return " ".join(sentence(book_words(material, one)) for one in said if one)


def activity_words(material: Material, activity: Activity) -> str:
    """Say an activity with what belongs to it: the signs of the safety net, the questions that are open."""
    words = [short_words(material, activity)]
    if activity.id == SAFETY_NET:
        words.extend(
            f"{sentence(level_words(material, level))[:-1]} if one of these appears: {'; '.join(signs)}."
            for level, signs in watched_signs(material)
        )
    if activity.id == OPEN_QUESTIONS:
        words.append(together(questions_about(material.book, material.assessment.ask_next)))
    return " ".join(words)


def watched_signs(material: Material) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Gather the signs of the safety net by the level each calls for, gravest first, in the order of the plan."""
    watch_for = material.assessment.plan.watch_for
    yield from material.once(("signs", watch_for), lambda: tuple(_watched_signs(material, watch_for)))


def _watched_signs(material: Material, watch_for: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    watched = [material.book.rules[one] for one in watch_for]
    grave = material.book.rule_levels[STANDING_SIGNS]
    for level in material.book.levels:
        signs = tuple(rule.sign for rule in watched if grave[rule.id] == level)
        if signs:
            yield level, signs


def forbidden_words(material: Material, forbidden: Forbidden) -> str:
    """Say what must not be done, as ``_forbidden_words`` does."""
    key = ("forbidden", forbidden, material.known(forbidden.findings))
    return material.once(key, lambda: _forbidden_words(material, forbidden))


def _forbidden_words(material: Material, forbidden: Forbidden) -> str:
    """Say what must not be done, which facts forbid it, and by whose word; nothing tells anyone to stop a medicine."""
    activity = material.book.activities[forbidden.activity]
    withholding = material.book.withholdings[forbidden.withholding]
    words = [sentence(activity.do_not or f"Do not do this: {activity.title}")]
    if forbidden.shown == "ask-first":
        words.append(TAKEN_ALREADY)
    facts = answers_words(material, forbidden.findings)
    words.append(f"Why: {sentence(withholding.because)}")
    words.extend([f"Known: {facts}."] if facts else [])
    by = cited(material.book, [material.book.statements[withholding.statement]])
    return f"{' '.join(words)} By the word of: {by}."


def left_out_points(material: Material) -> Iterator[str]:
    """Say once for each reason what was left out, why, and which answers would settle it."""
    reasons: dict[str, list[LeftOut]] = {}
    for one in material.assessment.plan.left_out:
        reasons.setdefault(one.withholding, []).append(one)
    for withholding, left_out in reasons.items():
        key = ("left out", withholding, tuple(left_out))
        yield material.once(key, partial(_left_out_words, material, material.book.withholdings[withholding], left_out))


def _left_out_words(material: Material, withholding: Withholding, left_out: list[LeftOut]) -> str:
    titles = (material.book.activities[one.activity].title for one in left_out)
    by = cited(material.book, [material.book.statements[withholding.statement]])
    named = "; ".join(book_words(material, title) for title in titles)
    said = f"{withholding.because.rstrip('.')}. By the word of: {by}."
    if withholding.shown == "never-suggested":
        return f"Never suggested here: {named}. Why: {said}"
    asked = together(questions_about(material.book, (finding for one in left_out for finding in one.findings)))
    if asked:
        return f"Left out until this is answered: {named}. {asked} What could speak against it: {said}"
    return f"Left out: {named}. Why: {said}"
