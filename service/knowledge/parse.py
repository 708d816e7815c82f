"""Reads the written form of a condition, as it stands in the book's YAML; the grammar is in ARCHITECTURE.md."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from service.knowledge.condition import (
    OPERATORS,
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
from service.knowledge.model import Finding

ALLOWED_BLOCKS = "all, any, not, at-least-n-of, measure, choice"
FIXED: Mapping[str, Condition] = {"always": Always(), "never": Not(Always()), "questions-open": QuestionsOpen()}


class BookError(Exception):
    """Say what is wrong in the rule book: file, key, what was met, what is allowed."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names a condition may use: findings, and the terms that were read before it."""

    findings: Mapping[str, Finding]
    terms: Mapping[str, Condition] = field(default_factory=dict)


def condition_from(written: object, names: Vocabulary, where: str) -> Condition:
    """Read a condition; ``where`` is the file and key for the error text. Raise BookError for all but the grammar."""
    if isinstance(written, str):
        return _named(written, names, where)
    if isinstance(written, Mapping):
        return _block(written, names, where)
    raise BookError(f"{where}: met {_kind(written)}; allowed is the name of a finding or term, or a block like 'all'")


def exempting(written: object, exemptions: object, names: Vocabulary, where: str) -> Condition:
    """Read a condition that has an ``unless-all`` block beside it; without the block it is the condition itself."""
    part = condition_from(written, names, f"{where}.when")
    if exemptions is None:
        return part
    listed = _list(exemptions, f"{where}.unless-all")
    return UnlessAll(part, tuple(_exemption(one, names, f"{where}.unless-all[{i}]") for i, one in enumerate(listed)))


def _named(name: str, names: Vocabulary, where: str) -> Condition:
    if name in FIXED:
        return FIXED[name]
    if name in names.terms:
        return Term(name, names.terms[name])
    finding = names.findings.get(name)
    if finding is None:
        raise BookError(f"{where}: met the unknown name '{name}'; allowed is a finding, or a term that stands above")
    if finding.kind != "boolean":
        raise BookError(f"{where}: met '{name}', of kind {finding.kind}; allowed is a 'measure' or 'choice' block")
    return Holds(name)


def _block(written: Mapping[object, object], names: Vocabulary, where: str) -> Condition:
    match dict(written):
        case {"measure": str(measure), **comparison}:
            return _comparison(measure, comparison, names, where)
        case {"choice": str(choice), "is": str(option), **rest} if not rest:
            return _chosen(choice, option, names, where)
        case {"not": part, **rest} if not rest:
            return Not(condition_from(part, names, f"{where}.not"))
        case {"all": _, **rest} | {"any": _, **rest} | {"at-least-n-of": _, **rest} if not rest:
            return _counting_block(dict(written), names, where)
        case other:
            return _outcome_block(other, where)


def _outcome_block(written: dict[object, object], where: str) -> Condition:
    match written:
        case {"level-at-least": str(level), **rest} if not rest:
            return LevelAtLeast(level)
        case {"rule": str(rule), **rest} if not rest:
            return RuleVerdict(rule)
        case {"cause-listed": str(cause), **rest} if not rest:
            return CauseListed(cause)
        case {"withholding": str(withholding), **rest} if not rest:
            return Withheld(withholding)
        case _:
            met = ", ".join(sorted(map(str, written)))
            raise BookError(f"{where}: met a block of '{met}'; allowed are {ALLOWED_BLOCKS}")


def _counting_block(written: Mapping[object, object], names: Vocabulary, where: str) -> AtLeast:
    ((word, inner),) = written.items()
    match word, inner:
        case "all", parts:
            listed = _parts(parts, names, f"{where}.all")
            return AtLeast(len(listed), listed)
        case "any", parts:
            return AtLeast(1, _parts(parts, names, f"{where}.any"))
        case _, {"n": int(count), "of": parts, **rest} if not rest and not isinstance(count, bool):
            listed = _parts(parts, names, f"{where}.at-least-n-of")
            if not 1 <= count <= len(listed):
                raise BookError(
                    f"{where}.at-least-n-of: met n {count}; allowed are 1 to {len(listed)}, as many as 'of'"
                )
            return AtLeast(count, listed)
        case _:
            raise BookError(
                f"{where}.at-least-n-of: met {_kind(inner)}; allowed is a block of a number 'n' and a list 'of'"
            )


def _parts(written: object, names: Vocabulary, where: str) -> tuple[Condition, ...]:
    listed = _list(written, where)
    return tuple(condition_from(one, names, f"{where}[{i}]") for i, one in enumerate(listed))


def _comparison(measure: str, written: dict[object, object], names: Vocabulary, where: str) -> Compares:
    finding = names.findings.get(measure)
    if finding is None or finding.kind not in ("integer", "quantity"):
        raise BookError(f"{where}: met '{measure}'; allowed is a measure of findings.yaml")
    unit = written.pop("unit", "")
    if unit != finding.unit:
        raise BookError(f"{where}: '{measure}' is compared in '{unit}'; allowed is its own unit '{finding.unit}'")
    if len(written) != 1:
        raise BookError(f"{where}: met {len(written)} comparisons; allowed is one of {', '.join(OPERATORS)}")
    (word, threshold), *_ = written.items()
    operator = next((known for known in OPERATORS if known == word), None)
    if operator is None:
        raise BookError(f"{where}: met '{word}'; allowed are {', '.join(OPERATORS)}")
    return Compares(measure, operator, number(threshold, f"{where}.{word}"))


def _chosen(choice: str, option: str, names: Vocabulary, where: str) -> Chosen:
    finding = names.findings.get(choice)
    if finding is None or not finding.options:
        raise BookError(f"{where}: met '{choice}'; allowed is a choice of findings.yaml")
    if option not in finding.options:
        raise BookError(f"{where}: met '{option}'; allowed for '{choice}' are {', '.join(finding.options)}")
    return Chosen(choice, option)


def _exemption(written: object, names: Vocabulary, where: str) -> Condition:
    if not isinstance(written, Mapping) or len(written) != 1:
        raise BookError(f"{where}: met {_kind(written)}; allowed is one finding or term with the answer that exempts")
    ((name, answer),) = written.items()
    match answer:
        case "present":
            return _named(str(name), names, where)
        case "absent":
            return Not(_named(str(name), names, where))
        case Mapping():
            return _comparison(str(name), dict(answer), names, where)
        case _:
            raise BookError(f"{where}: '{name}' is {_kind(answer)}; allowed are present, absent and a comparison")


def number(written: object, where: str) -> Decimal:
    """Read a number of the book without loss; a boolean is not a number."""
    if isinstance(written, bool) or not isinstance(written, int | float | Decimal):
        raise BookError(f"{where}: met {_kind(written)}; allowed is a number")
    return Decimal(str(written))


def _list(written: object, where: str) -> list[object]:
    if not isinstance(written, list) or not written:
        raise BookError(f"{where}: met {_kind(written)}; allowed is a list of at least one")
    return written


def _kind(written: object) -> str:
    kinds = {bool: "a boolean", int: "a number", float: "a number", str: "a text", list: "a list", dict: "a block"}
    return "nothing" if written is None else kinds.get(type(written), "something else")
