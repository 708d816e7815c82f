"""The plan in words: what it suggests, what must not be done, what was left out, and why; it chooses nothing."""

from collections.abc import Iterator

from service.engine.assessment import Forbidden, LeftOut
from service.knowledge.model import Activity, Withholding
from service.mapping.writing.material import Material
from service.mapping.writing.questions import questions_about
from service.mapping.writing.words import answer_words, book_words, cited, level_words, sentence
from service.mapping.writing.xhtml import Section

STANDING_SIGNS = "strictest"
"""The policy by which a sign is grave enough to watch for, whatever the policy of the result."""

OPEN_QUESTIONS = "answer-open-questions"
SAFETY_NET = "safety-net"
TAKEN_ALREADY = "If it is taken already, ask before taking more."


def plan_sections(material: Material) -> Iterator[Section]:
    """Say what the plan suggests after the level, what must not be done, and what was left out."""
    plan = material.assessment.plan
    activities = [material.book.activities[one.activity] for one in plan.suggested]
    points = tuple(short_words(material, one) for one in activities if not one.level)
    if points:
        yield Section("The plan", (), points)
    signs = tuple(sign_points(material))
    if signs:
        yield Section("Signs to watch for", (), signs)
    if plan.forbidden:
        yield Section("What must not be done", (), tuple(forbidden_words(material, one) for one in plan.forbidden))
    left_out = tuple(left_out_points(material))
    if left_out:
        yield Section("Left out of the plan", (), left_out)


def short_words(material: Material, activity: Activity) -> str:
    """Say an activity without the lists that belong to it."""
    return " ".join(sentence(book_words(material, one)) for one in (activity.title, activity.detail) if one)


def activity_words(material: Material, activity: Activity) -> str:
    """Say an activity with what belongs to it: the signs of the safety net, the questions that are open."""
    words = [short_words(material, activity)]
    if activity.id == SAFETY_NET:
        words.extend(sign_points(material))
    if activity.id == OPEN_QUESTIONS:
        words.extend(one.words for one in questions_about(material.book, material.assessment.ask_next))
    return " ".join(words)


def sign_points(material: Material) -> Iterator[str]:
    """Say the signs of the safety net by what each calls for, gravest first, each group in the order of the plan."""
    watched = [material.book.rules[one] for one in material.assessment.plan.watch_for]
    grave = material.book.rule_levels[STANDING_SIGNS]
    for level in material.book.levels:
        signs = "; ".join(rule.sign for rule in watched if grave[rule.id] == level)
        if signs:
            yield f"{sentence(level_words(material, level))[:-1]} if this appears: {signs}."


def forbidden_words(material: Material, forbidden: Forbidden) -> str:
    """Say what must not be done, which facts forbid it, and by whose word; nothing tells anyone to stop a medicine."""
    activity = material.book.activities[forbidden.activity]
    withholding = material.book.withholdings[forbidden.withholding]
    words = [sentence(activity.do_not or f"Do not do this: {activity.title}")]
    if forbidden.shown == "ask-first":
        words.append(TAKEN_ALREADY)
    facts = [answer_words(material, one) for one in forbidden.findings if one in material.assessment.facts]
    reason = f"Why: {withholding.because.rstrip('.')}"
    words.append(f"{reason} ({'; '.join(facts)})." if facts else f"{reason}.")
    by = cited(material.book, [material.book.statements[withholding.statement]])
    return f"{' '.join(words)} By the word of: {by}."


def left_out_points(material: Material) -> Iterator[str]:
    """Say once for each reason what was left out, why, and which answers would settle it."""
    reasons: dict[str, list[LeftOut]] = {}
    for one in material.assessment.plan.left_out:
        reasons.setdefault(one.withholding, []).append(one)
    for withholding, left_out in reasons.items():
        yield _left_out_words(material, material.book.withholdings[withholding], left_out)


def _left_out_words(material: Material, withholding: Withholding, left_out: list[LeftOut]) -> str:
    titles = (material.book.activities[one.activity].title for one in left_out)
    by = cited(material.book, [material.book.statements[withholding.statement]])
    named = "; ".join(book_words(material, title) for title in titles)
    words = f"{named}. Why: {withholding.because.rstrip('.')}. By the word of: {by}."
    if withholding.shown == "never-suggested":
        return f"Never suggested here: {words}"
    asked = questions_about(material.book, (finding for one in left_out for finding in one.findings))
    return f"{words} Open: {' '.join(one.words for one in asked)}" if asked else words
