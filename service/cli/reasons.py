"""Says why a result came out as it did: the trace of a RiskAssessment in the words of the rule book."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from service.cli.results import Resource, extensions, policy_of, value, values
from service.cli.terminal import safe
from service.engine.facts import Value
from service.knowledge.model import RuleBook, Source
from service.mapping.writing import canonicals
from service.mapping.writing.words import ORIGINS, finding_words, source_words, value_words


@dataclass(frozen=True, slots=True)
class Said:
    """What one source asks for: the source in words, the level (empty where it names a cause only), and our reading."""

    source: str
    level: str
    reading: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule of the trace; ``level`` is what the policy makes of it, empty where it asks for none.

    ``answers`` are the known answers it rests on, ``findings`` the ids of those or of the open ones.
    """

    rule: str
    title: str
    topic: str
    verdict: str
    level: str
    answers: tuple[str, ...]
    said: tuple[Said, ...]
    levels: tuple[tuple[str, str], ...]
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One topic on which articles ask for different levels: each source's level, and what was taken."""

    topic: str
    said: tuple[Said, ...]
    taken: str


def short_words(source: Source) -> str:
    """Name a source by the first part of its name, with its date and what it is where it is no article."""
    return source_words(replace(source, name=source.name.partition(",")[0]))


def reasons(book: RuleBook, risk: Resource) -> tuple[Reason, ...]:
    """Say every rule of the trace, in its order.

    A rule that this book does not have is named by its id, and asks for the highest level that a source gives it.
    """
    policy = value(policy_of(risk), "code")
    answered = dict(_answers(book, risk))
    return tuple(_reason(book, one, policy, answered) for one in extensions(risk, canonicals.TRACE))


def _reason(book: RuleBook, traced: Resource, policy: str, answered: Mapping[str, str]) -> Reason:
    rule = value(traced, "rule")
    known = book.rules.get(rule)
    findings = tuple(str(one) for one in values(traced, "finding"))
    levels = tuple((value(one, "source"), value(one, "level")) for one in extensions(traced, "source-level"))
    return Reason(
        rule=rule,
        title=known.title if known else safe(rule),
        topic=known.topic if known else "",
        verdict=value(traced, "verdict"),
        level=book.rule_levels[policy][rule] if known and policy in book.rule_levels else _highest(book, levels),
        answers=tuple(answered[one] for one in findings if one in answered),
        said=tuple(_said(book, traced)),
        levels=levels,
        findings=findings,
    )


def _said(book: RuleBook, traced: Resource) -> Iterator[Said]:
    """Say what each statement asks for, the gravest first; a source that says one thing twice is named once."""
    known = [book.statements[one] for one in values(traced, "statement") if one in book.statements]
    ranked = sorted(known, key=lambda one: -book.levels[one.level].rank if one.level else 0)
    said = (Said(short_words(book.sources[one.source]), one.level, one.reading) for one in ranked)
    yield from dict.fromkeys(said)


def _answers(book: RuleBook, risk: Resource) -> Iterator[tuple[str, str]]:
    """Say every answer that was used, by finding, and where it is from unless it was answered."""
    for used in extensions(risk, canonicals.INPUT_USED):
        finding = value(used, "finding")
        if finding in book.findings:
            said = value_words(book, book.findings[finding], _value(used))
            origin = ORIGINS.get(value(next(extensions(used, "from"), {}), "origin"), "")
            asked = finding_words(book, finding)
            told = f"{asked} {said.capitalize()}" if asked.endswith("?") else f"{asked}: {said}"
            yield finding, safe(f"{told}{origin}")


def _value(used: Resource) -> Value:
    """Read the value of a used input back: a yes or no, a number in the finding's unit, or what was chosen."""
    met = values(used, "value")
    if len(met) == 1 and isinstance(met[0], bool):
        return met[0]
    if len(met) == 1 and isinstance(met[0], Mapping):
        return Decimal(str(met[0]["value"]))
    if len(met) == 1 and isinstance(met[0], int | Decimal):
        return Decimal(met[0])
    return frozenset(str(one) for one in met)


def disagreements(book: RuleBook, fired: list[Reason]) -> tuple[Disagreement, ...]:
    """Compare what the sources ask for on each topic of the fired rules; keep topics where articles differ."""
    found = []
    for topic in book.topics.values():
        rules = [one for one in fired if one.topic == topic.id]
        levels = _by_source(book, rules)
        articles = {level for source, level in levels.items() if book.sources[source].origin == "article"}
        if len(articles) > 1:
            said = tuple(Said(short_words(book.sources[source]), level) for source, level in levels.items())
            taken = max((one.level for one in rules), key=lambda level: book.levels[level].rank if level else 0)
            found.append(Disagreement(topic.title, said, taken))
    return tuple(found)


def _by_source(book: RuleBook, rules: list[Reason]) -> dict[str, str]:
    """Name the highest level of each source over the rules, in the order of the sources."""
    pairs = [pair for one in rules for pair in one.levels]
    asking = [source for source in book.sources if any(source == named for named, _ in pairs)]
    return {source: _highest(book, [pair for pair in pairs if pair[0] == source]) for source in asking}


def _highest(book: RuleBook, levels: Iterable[tuple[str, str]]) -> str:
    """Name the highest level of (source, level) pairs; empty where there is none."""
    known = (level for _, level in levels if level in book.levels)
    return max(known, key=lambda level: book.levels[level].rank, default="")
