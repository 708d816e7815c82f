"""Puts a condition into words that a clinician reads, as a small tree of phrases; it prints and evaluates nothing."""

from dataclasses import dataclass

from service.knowledge.condition import (
    Always,
    AtLeast,
    CauseListed,
    Chosen,
    Compares,
    Condition,
    Holds,
    LevelAtLeast,
    Not,
    QuestionsOpen,
    RuleVerdict,
    Term,
    UnlessAll,
    Withheld,
)
from service.knowledge.model import RuleBook

UNLESS = "unless every one of these is answered so"
ALL = "all of"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One line of words, and the phrases under it; ``term`` is the id of the term that the line stands for."""

    text: str
    parts: tuple["Phrase", ...] = ()
    term: str = ""


def phrase(book: RuleBook, condition: Condition) -> Phrase:
    """Put a condition into words. "not" means known not to be: what is unknown is neither."""
    match condition:
        case Term(name, _):
            return Phrase(book.terms[name].says, term=name)
        case AtLeast(count, parts):
            return _several(count, tuple(phrase(book, part) for part in parts))
        case Not(part):
            return _negated(book, part)
        case UnlessAll(part, exemptions):
            return _unless(phrase(book, part), tuple(phrase(book, one) for one in exemptions))
        case _:
            return Phrase(_leaf(book, condition))


def inline(words: Phrase) -> str:
    """Write a phrase and everything under it as one line."""
    if not words.parts:
        return words.text
    inner = "; ".join(f"({inline(part)})" if part.parts else part.text for part in words.parts)
    return f"{words.text}: {inner}"


def lines(words: Phrase, depth: int = 0) -> tuple[tuple[int, str], ...]:
    """Write a phrase as (depth, line) pairs: what stands under a phrase follows it, one deeper."""
    heading = f"{words.text}:" if words.parts else words.text
    return ((depth, heading), *(line for part in words.parts for line in lines(part, depth + 1)))


def _several(count: int, parts: tuple[Phrase, ...]) -> Phrase:
    if len(parts) == 1:
        return parts[0]
    if count == len(parts):
        return Phrase(ALL, parts)
    return Phrase("any of" if count == 1 else f"at least {count} of", parts)


def _negated(book: RuleBook, condition: Condition) -> Phrase:
    match condition:
        case Always():
            return Phrase("never by itself")
        case AtLeast(count, parts) if len(parts) > 1:
            inner = tuple(phrase(book, part) for part in parts)
            if count == 1:
                return Phrase("none of", inner)
            return Phrase("not all of" if count == len(parts) else f"fewer than {count} of", inner)
        case _:
            words = phrase(book, condition)
            if words.parts:
                return Phrase("not", (words,))
            return Phrase(f"not: {words.text}", term=words.term)


def _unless(part: Phrase, exemptions: tuple[Phrase, ...]) -> Phrase:
    if not part.parts:
        return Phrase(f"{part.text}, {UNLESS}", exemptions, part.term)
    unless = Phrase(UNLESS, exemptions)
    return Phrase(ALL, (*part.parts, unless)) if part.text == ALL else Phrase(ALL, (part, unless))


def _leaf(book: RuleBook, condition: Condition) -> str:
    match condition:
        case Always():
            return "always"
        case Holds(finding):
            return book.findings[finding].label
        case Compares():
            return _comparison(book, condition)
        case Chosen(choice, option):
            asked, _, _ = book.findings[choice].label.partition(":")
            return f"{asked}: {book.form.words.get(option, option)}"
        case _:
            return _of_outcome(book, condition)


def _of_outcome(book: RuleBook, condition: Condition) -> str:
    match condition:
        case LevelAtLeast(level):
            return f"the result is {level} or above"
        case RuleVerdict(rule):
            return f"the rule fired: {book.rules[rule].title}"
        case CauseListed(cause):
            return f"the result lists as a suspected cause: {book.causes[cause].label}"
        case Withheld(withholding):
            return f"the withholding holds: {book.withholdings[withholding].title}"
        case QuestionsOpen():
            return "a question is open whose answer could raise the level"
        case _:
            raise TypeError(f"no words for {type(condition).__name__}")


def _comparison(book: RuleBook, condition: Compares) -> str:
    finding = book.findings[condition.measure]
    number = f"{condition.threshold:f}"
    unit = _unit_name(book, finding.unit)
    if unit and unit not in finding.label:
        number = f"{number} {unit}"
    compared = {
        "below": f"under {number}",
        "at-most": f"{number} or less",
        "at-least": f"{number} or more",
        "above": f"more than {number}",
    }
    return f"{finding.label}: {compared[condition.operator]}"


def _unit_name(book: RuleBook, code: str) -> str:
    return next((unit.name for item in book.form.items() for unit in item.units if unit.code == code), code)
