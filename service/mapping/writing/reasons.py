"""The sections that say why a result came out as it did: by which answer, by whose word, and who disagrees."""

from collections.abc import Iterator

from service.engine.assessment import SuspectedCause, TopicView, Traced
from service.knowledge.model import Statement
from service.mapping.writing.material import Material
from service.mapping.writing.words import (
    answer_words,
    cited,
    level_words,
    sentence,
    source_words,
    statements_named,
)
from service.mapping.writing.xhtml import Section

FITS = {
    "fits": "fits the answers",
    "partly-fits": "fits the answers in part",
    "not-excluded": "not excluded by the answers",
}


def reason_sections(material: Material) -> Iterator[Section]:
    """Say which rules decided, what else was found, and where the sources disagree."""
    deciding = material.traced(material.assessment.deciding)
    fired = tuple(one for one in deciding if one.verdict == "fired")
    undecided = tuple(one for one in deciding if one.verdict == "undecided")
    points = [*(fired_words(material, one) for one in fired), *_undecided_points(material, undecided)]
    yield Section("Why", ("No answer asks for more than that.",) if not points else (), tuple(points))
    others = [one for one in material.assessment.trace if one.verdict == "fired" and one not in fired]
    if others:
        yield Section("Also found", (), tuple(fired_words(material, one) for one in others))
    disagreeing = [one for one in material.assessment.topics if one.disagree]
    if disagreeing:
        yield Section("Where the sources disagree", (), tuple(_disagreement(material, one) for one in disagreeing))


def cause_section(material: Material) -> Iterator[Section]:
    """List the suspected causes, each with how it fits and by whose word."""
    if material.assessment.causes:
        points = tuple(cause_words(material, one) for one in material.assessment.causes)
        yield Section("Causes to think of, none of them confirmed", (), points)


def fired_words(material: Material, traced: Traced) -> str:
    """Say a fired rule: its title, the answers, what it asks for, and by whose word."""
    rule = material.book.rules[traced.rule]
    answers = "; ".join(answer_words(material, one) for one in traced.findings if one in material.assessment.facts)
    because = f" {sentence(answers)}" if answers else ""
    statements = level_statements(material, traced)
    if not statements:
        return f"{sentence(rule.title)}{because}"
    asked = f"{sentence(level_words(material, traced.asks))[:-1]}: asked for by {cited(material.book, statements)}."
    return f"{sentence(rule.title)}{because} {asked}"


def level_statements(material: Material, traced: Traced) -> tuple[Statement, ...]:
    """Return the statements of a rule that ask for the level which the policy gives it."""
    sources = material.policy.sources
    cited_by_rule = (material.book.statements[one] for one in material.book.rules[traced.rule].statements)
    return tuple(
        one
        for one in cited_by_rule
        if traced.asks and one.level == traced.asks and (not sources or one.source in sources)
    )


def cause_words(material: Material, suspected: SuspectedCause) -> str:
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


def _undecided_points(material: Material, undecided: tuple[Traced, ...]) -> Iterator[str]:
    """Say in one point per level which open rules keep the result where it is, and by whose word they stand."""
    for level in material.book.levels:
        traced = [one for one in undecided if one.asks == level]
        if not traced:
            continue
        titles = "; ".join(material.book.rules[one.rule].title for one in traced)
        by = cited(material.book, (one for each in traced for one in level_statements(material, each)))
        asks = level_words(material, level)
        yield f"Not yet ruled out, because questions are open ({asks}): {titles}. Asked for by {by}."


def _disagreement(material: Material, topic: TopicView) -> str:
    """Say what each source asks for on a topic, and what the policy took."""
    asked = "; ".join(
        f"{source_words(source)}: {level_words(material, topic.levels[source.id])}"
        for source in material.book.sources.values()
        if source.id in topic.levels
    )
    fired = [one for one in material.assessment.trace if one.verdict == "fired"]
    levels = [one.asks for one in fired if material.book.rules[one.rule].topic == topic.topic and one.asks]
    taken = max(levels, key=material.rank, default="")
    result = f"taken here: {level_words(material, taken)}" if taken else "taken here: no level"
    title = sentence(material.book.topics[topic.topic].title)[:-1]
    return f"{title}: {asked}; {result} (policy {material.policy.id}: {material.policy.title})."
