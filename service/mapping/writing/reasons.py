"""The sections that say why a result came out as it did: by which answer, by whose word, and who disagrees."""

from collections.abc import Iterable, Iterator
from functools import partial

from service.engine.assessment import SuspectedCause, TopicView, Traced
from service.knowledge.model import Statement
from service.mapping.writing.material import Material
from service.mapping.writing.words import (
    answers_words,
    cited,
    level_words,
    sentence,
    source_words,
    statements_named,
)
from service.mapping.writing.xhtml import Section

MOST_TITLES = 6

FITS = {
    "fits": "fits the answers",
    "partly-fits": "fits the answers in part",
    "not-excluded": "not excluded by the answers",
}


def why_section(material: Material) -> Section:
    """Say which rules decided."""
    return material.again("why", lambda: _why_section(material))


def _why_section(material: Material) -> Section:
    fired = _fired(material)
    decided = (one for one in fired if one.rule in material.assessment.deciding)
    points = (*(fired_words(material, one) for one in decided), *_undecided_points(material, fired))
    return Section("Why", () if points else ("No answer asks for more than that.",), points)


def _fired(material: Material) -> list[Traced]:
    return [one for one in material.assessment.trace if one.verdict == "fired"]


def reason_sections(material: Material) -> Iterator[Section]:
    """Say which rules decided, what else was found, and where the sources disagree."""
    yield why_section(material)
    fired = _fired(material)
    decided = [one for one in fired if one.rule in material.assessment.deciding]
    others = tuple(fired_words(material, one) for one in fired if one not in decided)
    if others:
        yield Section("Also found", (), others)
    taken = _taken(material, fired)
    disagreeing = tuple(
        _disagreement(material, one, taken.get(one.topic, ""))
        for one in material.assessment.topics
        if _differs(material, one, taken.get(one.topic, ""))
    )
    if disagreeing:
        yield Section("Where the sources disagree", (), disagreeing)


def cause_section(material: Material) -> Iterator[Section]:
    """List the suspected causes, each with how it fits and by whose word."""
    if material.assessment.causes:
        pointed = [one for one in material.assessment.causes if one.fit != "not-excluded"]
        points = [cause_words(material, one) for one in pointed]
        others = [material.book.causes[one.cause].label for one in material.assessment.causes if one not in pointed]
        if others:
            points.append(f"Dangerous, and not excluded while questions are open: {'; '.join(others)}.")
        yield Section("Causes to think of, none of them confirmed", (), tuple(points))


def fired_words(material: Material, traced: Traced) -> str:
    """Say a fired rule, as ``_fired_words`` does."""
    key = ("fired", traced.rule, traced.asks, traced.findings, material.known(traced.findings))
    return material.once(key, lambda: _fired_words(material, traced))


def _fired_words(material: Material, traced: Traced) -> str:
    """Say a fired rule: its title, the answers, what it asks for, and by whose word."""
    rule = material.book.rules[traced.rule]
    answers = answers_words(material, traced.findings)
    because = f" {sentence(answers)}" if answers else ""
    statements = level_statements(material, traced.rule)
    if not statements:
        return f"{sentence(rule.title)}{because}"
    asked = f"{sentence(level_words(material, traced.asks))[:-1]}: asked for by {cited(material.book, statements)}."
    return f"{sentence(rule.title)}{because} {asked}"


def level_statements(material: Material, rule: str) -> tuple[Statement, ...]:
    """Return the statements of a rule that ask for the level which the policy gives it."""
    asks, sources = material.asks(rule), material.policy.sources
    cited_by_rule = (material.book.statements[one] for one in material.book.rules[rule].statements)
    return tuple(one for one in cited_by_rule if asks and one.level == asks and (not sources or one.source in sources))


def cause_words(material: Material, suspected: SuspectedCause) -> str:
    """Say a suspected cause, as ``_cause_words`` does."""
    return material.once(("cause", suspected), lambda: _cause_words(material, suspected))


def _cause_words(material: Material, suspected: SuspectedCause) -> str:
    """Say a suspected cause: how it fits, which rules point to it, and by whose word; never how probable it is."""
    cause = material.book.causes[suspected.cause]
    danger = " Dangerous, so never shown as less than moderate." if cause.dangerous else ""
    return f"{sentence(cause.label)[:-1]}: {rationale(material, suspected)}{danger}"


def rationale(material: Material, suspected: SuspectedCause) -> str:
    """Say how a cause fits, by which rules, and who names it."""
    titles = "; ".join(material.book.rules[one].title for one in suspected.rules)
    open_still = " (still open)" if suspected.fit == "not-excluded" else ""
    by = cited(material.book, cause_statements(material, suspected))
    return f"{FITS[suspected.fit]}. Points to it{open_still}: {titles}. Named by {by}."


def cause_statements(material: Material, suspected: SuspectedCause) -> tuple[Statement, ...]:
    """Return the statements that name a cause: those of its rules where they do, else all that name it."""
    rules = [material.book.rules[one] for one in suspected.rules]
    of_rules = {statement for rule in rules for statement in (*rule.statements, *rule.supports)}
    naming = statements_named(material.book, material.book.causes[suspected.cause].rests_on)
    return tuple(one for one in naming if one.id in of_rules) or naming


def _undecided_points(material: Material, fired: list[Traced]) -> Iterator[str]:
    """Say in one point per level which undecided rules keep the result where it is, and by whose word they stand."""
    holding = {one.rule for one in fired}
    undecided = [one for one in material.assessment.deciding if one not in holding]
    for level in material.book.levels:
        rules = [one for one in undecided if material.asks(one) == level]
        if rules:
            key = ("undecided", level, tuple(rules))
            yield material.once(key, partial(_undecided_words, material, level, rules))


def _undecided_words(material: Material, level: str, rules: list[str]) -> str:
    by = cited(material.book, (one for rule in rules for one in level_statements(material, rule)))
    titles = "; ".join(_titles(material, rules))
    asked = level_words(material, level)
    return f"Not ruled out, because questions are open ({asked}): {titles}. Asked for by {by}."


def _titles(material: Material, ids: list[str]) -> Iterable[str]:
    """Name a few rules by their titles, many by their topics: a long list is not read, and the trace holds them all."""
    rules = [material.book.rules[one] for one in ids]
    if len(rules) <= MOST_TITLES:
        return [rule.title for rule in rules]
    topics = {rule.topic for rule in rules}
    return [topic.title for topic in material.book.topics.values() if topic.id in topics]


def _differs(material: Material, topic: TopicView, taken: str) -> bool:
    """Tell whether the articles disagree on a topic, or the policy takes less than a source asks for."""
    highest = max(map(material.rank, topic.levels.values()))
    return topic.disagree or material.rank(taken) < highest


def _taken(material: Material, fired: list[Traced]) -> dict[str, str]:
    """Name the level that the policy took on each topic where it took one."""
    taken: dict[str, str] = {}
    for one in fired:
        topic = material.book.rules[one.rule].topic
        taken[topic] = max(taken.get(topic, ""), one.asks, key=material.rank)
    return taken


def _disagreement(material: Material, topic: TopicView, taken: str) -> str:
    """Say what each source asks for on a topic, and what the policy took, as ``_disagreement_words`` does."""
    key = ("disagreement", topic.topic, tuple(topic.levels.items()), taken)
    return material.once(key, lambda: _disagreement_words(material, topic, taken))


def _disagreement_words(material: Material, topic: TopicView, taken: str) -> str:
    asked = "; ".join(
        f"{source_words(source)}: {level_words(material, topic.levels[source.id])}"
        for source in material.book.sources.values()
        if source.id in topic.levels
    )
    result = level_words(material, taken) if taken else "nothing"
    title = sentence(material.book.topics[topic.topic].title)[:-1]
    return f"{title}: {asked}. Taken here: {result} (policy {material.policy.id})."
