"""Builds the rule book from its files. A book that fails a whole-book check, or is not proven, does not load."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from service.knowledge import written as w
from service.knowledge.certificate import CERTIFICATE, demand_proof
from service.knowledge.checks import problems
from service.knowledge.condition import Condition, unnegated
from service.knowledge.files import BOOK, BookFiles, Rows, unique
from service.knowledge.levels import level_under
from service.knowledge.model import (
    Activity,
    Allowed,
    Background,
    Case,
    Cause,
    Coding,
    Contradiction,
    Derivation,
    Finding,
    Level,
    NamedTerm,
    Policy,
    Rule,
    RuleBook,
    Source,
    Statement,
    Topic,
    Withholding,
)
from service.knowledge.parse import BookError, Vocabulary, condition_from, exempting
from service.knowledge.read_context import read_context
from service.knowledge.read_form import read_form
from service.knowledge.statements import read_statements


def load(folder: Path = BOOK, certificate: Path = CERTIFICATE) -> RuleBook:
    """Read a checked book that was proven with this very engine; raise BookError for any other."""
    book = checked_book(folder)
    demand_proof(book, certificate)
    return replace(book, proven=True)


def checked_book(folder: Path = BOOK) -> RuleBook:
    """Read a book that passes every whole-book check, proven or not; raise BookError with a sentence per problem.

    It serves those who change, prove or print a book; results that are made with it say that it is not proven.
    """
    book = read_book(folder)
    found = problems(book)
    if found:
        raise BookError("\n".join(found))
    return book


def read_book(folder: Path = BOOK) -> RuleBook:
    """Read and join the files of a book without the whole-book checks; raise BookError for a file that is not clear."""
    files = BookFiles(folder)
    findings = _findings(files)
    terms = _terms(files, findings)
    names = Vocabulary(findings, {term.id: term.when for term in terms.values()})
    topics = files.table("topics.yaml", "topics", w.TopicRow())
    sources = {row["id"]: Source(**row) for row in files.table("sources.yaml", "sources", w.SourceRow())}
    levels = {row["id"]: Level(**row) for row in files.table("levels.yaml", "levels", w.LevelRow())}
    statements = read_statements(files, sources, topics)
    policies = {row["id"]: _policy(row) for row in files.table("policies.yaml", "policies", w.PolicyRow())}
    rules = _rules(files, names)
    derivations = tuple(_derivations(files, names))
    rule_levels = _rule_levels(policies, rules, statements, levels)
    form = read_form(files, findings, names)
    codes = _codes(files)
    return RuleBook(
        version=files.whole("book.yaml", w.BookFile())["version"],
        digest=files.digest(),
        levels=levels,
        sources=sources,
        statements=statements,
        findings=findings,
        terms=terms,
        derivations=derivations,
        contradictions=tuple(_contradictions(files, names)),
        topics={row["id"]: _topic(row, i, names) for i, row in enumerate(topics)},
        rules=rules,
        causes={row["id"]: _cause(row) for row in files.table("causes.yaml", "causes", w.CauseRow())},
        activities=_activities(files, names),
        withholdings=_withholdings(files, names),
        policies=policies,
        background=tuple(Background(**row) for row in files.table("background.yaml", "background", w.BackgroundRow())),
        codes=codes,
        **_scope(files, names),
        form=form,
        context=read_context(files, findings, form, codes),
        rule_levels=rule_levels,
        red_flags=_red_flags(list(_dangers(rules, rule_levels["strictest"], levels)), derivations),
    )


def _scope(files: BookFiles, names: Vocabulary) -> dict[str, Any]:
    scope = files.whole("scope.yaml", w.ScopeFile())
    return {
        "scope_out": condition_from(scope["out_when"], names, "scope.yaml: out-when"),
        "scope_says": scope["says"],
        "intended_use": scope["intended_use"],
    }


def _rule_levels(
    policies: Mapping[str, Policy],
    rules: Mapping[str, Rule],
    statements: Mapping[str, Statement],
    levels: Mapping[str, Level],
) -> Mapping[str, Mapping[str, str]]:
    return MappingProxyType(
        {
            policy.id: MappingProxyType(
                {one.id: level_under(policy, one, statements, levels) for one in rules.values()}
            )
            for policy in policies.values()
        }
    )


def _findings(files: BookFiles) -> dict[str, Finding]:
    rows = files.table("findings.yaml", "findings", w.FindingRow())
    return {row["id"]: _finding(row) for row in rows}


def _finding(row: dict[str, Any]) -> Finding:
    unsure = row.pop("unsure_means") == "present"
    return Finding(**{**row, "options": tuple(row["options"]), "unsure_means_present": unsure})


def _terms(files: BookFiles, findings: Mapping[str, Finding]) -> dict[str, NamedTerm]:
    terms: dict[str, NamedTerm] = {}
    for row in files.table("terms.yaml", "terms", w.TermRow()):
        names = Vocabulary(findings, {term.id: term.when for term in terms.values()})
        if row["id"] in findings:
            raise BookError(f"terms.yaml: '{row['id']}' is the name of a finding already")
        when = exempting(row["when"], row["unless_all"], names, f"terms.yaml: {row['id']}")
        terms[row["id"]] = NamedTerm(row["id"], row["says"], when, _cases(row["cases"]))
    return terms


def _cases(rows: Rows) -> tuple[Case, ...]:
    return tuple(Case(row["says"], row["facts"], row["verdict"]) for row in rows)


def _rules(files: BookFiles, names: Vocabulary) -> dict[str, Rule]:
    rows = files.one_per_file("rules", w.RuleFile())
    cases = {row["rule"]: _cases(row["cases"]) for row in files.one_per_file("cases", w.CaseFile(), "rule")}
    strangers = sorted(set(cases) - {row["id"] for row in rows})
    if strangers:
        raise BookError(f"cases/{strangers[0]}.yaml: there is no rule of this name")
    return {row["id"]: _rule(row, names, cases.get(row["id"], ())) for row in rows}


def _rule(row: dict[str, Any], names: Vocabulary, cases: tuple[Case, ...]) -> Rule:
    return Rule(
        id=row["id"],
        title=row["title"],
        topic=row["topic"],
        when=exempting(row["when"], row["unless_all"], names, f"rules/{row['id']}.yaml"),
        statements=tuple(row["statements"]),
        supports=tuple(row["supports"]),
        causes=MappingProxyType(row["causes"]),
        plan=tuple(row["plan"]),
        limits=row["limits"],
        status=row["status"],
        sign=row["sign"],
        cases=cases,
        allowed=tuple(Allowed(**one) for one in row["allowed"]),
    )


def _derivations(files: BookFiles, names: Vocabulary) -> list[Derivation]:
    return [
        Derivation(
            row["id"], _when(row, names, "derivations"), *_made(row["makes"]), row["only_where_unknown"], row["says"]
        )
        for row in files.table("derivations.yaml", "derivations", w.DerivationRow())
    ]


def _contradictions(files: BookFiles, names: Vocabulary) -> list[Contradiction]:
    return [
        Contradiction(row["id"], _when(row, names, "contradictions"), *_made(row["counts"]), row["says"])
        for row in files.table("contradictions.yaml", "contradictions", w.ContradictionRow())
    ]


def _when(row: dict[str, Any], names: Vocabulary, file: str) -> Condition:
    return condition_from(row["when"], names, f"{file}.yaml: {row['id']}.when")


def _made(written: Mapping[str, str]) -> tuple[str, bool]:
    ((finding, answer),) = written.items()
    return finding, answer == "present"


def _topic(row: dict[str, Any], order: int, names: Vocabulary) -> Topic:
    when = condition_from(row["safety_net_when"], names, f"topics.yaml: {row['id']}.safety-net-when")
    return Topic(row["id"], row["title"], order, row["safety_net"], when)


def _policy(row: dict[str, Any]) -> Policy:
    return Policy(**{**row, "sources": tuple(row["sources"])})


def _cause(row: dict[str, Any]) -> Cause:
    return Cause(**{**row, "rests_on": tuple(row["rests_on"])})


def _activities(files: BookFiles, names: Vocabulary) -> dict[str, Activity]:
    rows = files.table("activities.yaml", "activities", w.ActivityRow())
    return {
        row["id"]: Activity(
            **{
                **row,
                "levels": tuple(row["levels"]),
                "rests_on": tuple(row["rests_on"]),
                "when": condition_from(row["when"], names, f"activities.yaml: {row['id']}.when"),
            }
        )
        for row in rows
    }


def _withholdings(files: BookFiles, names: Vocabulary) -> dict[str, Withholding]:
    return {
        row["id"]: Withholding(
            **{
                **row,
                "items": tuple(row["items"]),
                "when": condition_from(row["when"], names, f"withholdings/{row['id']}.yaml: when"),
                "cases": _cases(row["cases"]),
            }
        )
        for row in files.one_per_file("withholdings", w.WithholdingFile())
    }


def _codes(files: BookFiles) -> dict[str, tuple[Coding, ...]]:
    rows = files.table("codes.yaml", "codes", w.ConceptRow())
    unique([f"{row['group']}/{row['key']}" for row in rows], "codes.yaml")
    codes: dict[str, tuple[Coding, ...]] = {}
    for row in rows:
        codings = (Coding(c["system"], c["code"], c["display"], c["polarity"], c["use"]) for c in row["codings"])
        codes[row["key"]] = (*codes.get(row["key"], ()), *codings)
    return codes


def _dangers(rules: Mapping[str, Rule], asked: Mapping[str, str], levels: Mapping[str, Level]) -> Iterator[Condition]:
    for rule in rules.values():
        if asked[rule.id] and levels[asked[rule.id]].rank >= levels["emergency"].rank:
            yield rule.when


def _red_flags(dangers: list[Condition], derivations: tuple[Derivation, ...]) -> frozenset[str]:
    flags = {_name(leaf) for danger in dangers for leaf in unnegated(danger)}
    for derivation in reversed(derivations):
        if derivation.present and derivation.finding in flags:
            flags.update(_name(leaf) for leaf in unnegated(derivation.when))
    return frozenset(flags)


def _name(leaf: object) -> str:
    return str(getattr(leaf, "finding", "") or getattr(leaf, "measure", "") or getattr(leaf, "choice", ""))
