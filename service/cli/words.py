"""Says a result in words: from the resources of one response and the rule book to plain data; it prints nothing."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from service.cli.reasons import Disagreement, Reason, disagreements, reasons
from service.cli.results import Refusal, Resource, Result, issues_of, level_of, policy_of, value, values
from service.cli.terminal import safe
from service.knowledge.model import RuleBook
from service.mapping.writing import canonicals
from service.mapping.writing.questions import questions_about

LISTS = ("answer-open-questions", "safety-net")
"""Activities whose description holds a list."""

TEST_DATA = "HTEST"
FEW = 3
LEFT_OUT = "Left out of the plan: "
NEXT_LEFT_OUT = re.compile(r"(?<=[.?]) (?=(?:Left out|Never suggested here)[ :])")
"""How the note of a plan is put together; where it reads otherwise, it is printed whole."""

SENTENCE_END = re.compile(r"(?<=\.) ")


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the plan: what it is, what is told of it at a glance, and everything that is told of it."""

    title: str
    brief: str
    full: str


@dataclass(frozen=True, slots=True)
class Suspected:
    """One cause to think of, how it fits, and who names it."""

    label: str
    fit: str
    rationale: str


@dataclass(frozen=True, slots=True)
class Told:
    """Everything a clinician is told of one result, the level first; every text is one safe line.

    ``first`` is what to do first. ``deciding`` are the fired rules that give the level, ``others`` the other fired
    ones, ``undecided`` the rules whose open questions hold the level up or could raise it. ``ask`` are their
    questions, gravest first; ``also_open`` are the questions of all other undecided rules.
    """

    response: str
    level: str
    heading: str
    ceiling: str
    status: str
    policy: str
    rule_book: str
    test_data: bool
    out_of_scope: bool
    first: str
    deciding: tuple[Reason, ...]
    others: tuple[Reason, ...]
    undecided: tuple[Reason, ...]
    disagreements: tuple[Disagreement, ...]
    ask: tuple[str, ...]
    also_open: tuple[str, ...]
    has_plan: bool
    steps: tuple[Point, ...]
    do_not: tuple[Point, ...]
    left_out: tuple[Point, ...]
    causes: tuple[Suspected, ...]
    warnings: tuple[Point, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A response that was refused, and every reason for it."""

    reasons: tuple[Point, ...]


def told(book: RuleBook, result: Result | Refusal) -> Told | Refused:
    """Say one result, or one refusal."""
    if isinstance(result, Refusal):
        return Refused(_issues(issues_of(result.outcome)))
    risk = result.risk
    level = level_of(risk)
    ranked = {name: one.rank for name, one in book.levels.items()}
    fired = [one for one in reasons(book, risk) if one.verdict == "fired"]
    undecided = sorted(
        (one for one in reasons(book, risk) if one.verdict == "undecided"), key=lambda one: -ranked.get(one.level, 0)
    )
    return Told(
        response=_response(risk),
        level=level,
        heading=_heading(result),
        ceiling=level_of(risk, canonicals.TRIAGE_CEILING),
        status=str(risk["status"]),
        policy=_policy(risk),
        rule_book=_rule_book(book, risk),
        test_data=any(one.get("code") == TEST_DATA for one in risk["meta"].get("security", ())),
        out_of_scope=value(risk, canonicals.SCOPE) == "out",
        first=safe(result.request["patientInstruction"]) if result.request else "",
        deciding=tuple(one for one in fired if one.level == level),
        others=tuple(sorted((one for one in fired if one.level != level), key=lambda one: -ranked.get(one.level, 0))),
        undecided=tuple(undecided),
        disagreements=disagreements(book, fired),
        ask=_ask_next(book, undecided),
        also_open=_also_open(book, risk, undecided),
        has_plan=result.plan is not None,
        steps=tuple(_steps(book, result.plan)),
        do_not=tuple(_forbidden(result.plan)),
        left_out=tuple(_left_out(result.plan)),
        causes=tuple(_cause(one) for one in risk.get("prediction", ())),
        warnings=_issues(issues_of(result.outcome)),
        notes=tuple(safe(one["text"]) for one in risk.get("note", ())),
    )


def _issues(issues: Iterable[Resource]) -> tuple[Point, ...]:
    """Say issues: each text once, with the questions it is about or the places it was met at."""
    places: dict[str, dict[str, None]] = {}
    for issue in issues:
        text = safe(issue.get("details", {}).get("text") or issue.get("diagnostics", ""))
        about = safe(issue.get("diagnostics") or ", ".join(issue.get("expression", ())))
        places.setdefault(text, {}).update({about: None} if about not in ("", text) else {})
    return tuple(Point(text, _first_few(list(known)), _together(list(known))) for text, known in places.items())


def _first_few(places: list[str]) -> str:
    if len(places) <= FEW:
        return _together(places)
    return _together([*places[:FEW], f"and {len(places) - FEW} more"])


def _together(places: list[str]) -> str:
    return f"({'; '.join(places)})" if places else ""


def _response(risk: Resource) -> str:
    """Name the response as the result names it: by its reference, else by its identifier."""
    basis: Mapping[str, object] = risk["basis"][0]
    identifier = basis.get("identifier")
    named = identifier.get("value", "") if isinstance(identifier, Mapping) else ""
    return safe(str(basis.get("reference") or named))


def _heading(result: Result) -> str:
    concept = values(result.risk, canonicals.TRIAGE_LEVEL)[0]
    return safe(concept.get("text") or concept["coding"][0].get("display", ""))


def _policy(risk: Resource) -> str:
    policy = policy_of(risk)
    signed_by, signed_on = safe(value(policy, "signedBy")), safe(value(policy, "signedOn"))
    signed = f", signed off by {signed_by} on {signed_on}" if signed_by else ""
    return f"{safe(value(policy, 'code'))}{signed}"


def _rule_book(book: RuleBook, risk: Resource) -> str:
    """Name the rule book of the result, and say where it is another than the one these words are taken from."""
    made = next(one for one in risk["extension"] if one["url"] == canonicals.RULE_BOOK)
    version = safe(value(made, "version"))
    if value(made, "sha256") == book.digest:
        return version
    return f"{version} (not the rule book of this program: words may differ)"


def _ask_next(book: RuleBook, undecided: list[Reason]) -> tuple[str, ...]:
    """Say the open questions by the gravest level they could lead to, and within one in the order of the form."""
    asked: dict[str, None] = {}
    for level in book.levels:
        findings = {finding for one in undecided if one.level == level for finding in one.findings}
        asked.update(dict.fromkeys(_questions(book, findings)))
    return tuple(asked)


def _also_open(book: RuleBook, risk: Resource, undecided: list[Reason]) -> tuple[str, ...]:
    told = {finding for one in undecided for finding in one.findings}
    return _questions(book, set(values(risk, canonicals.INPUT_MISSING)) - told)


def _questions(book: RuleBook, findings: set[str]) -> tuple[str, ...]:
    order = {item.link_id: place for place, item in enumerate(book.form.items())}
    questions = questions_about(book, (one for one in book.findings if one in findings))
    return tuple(safe(one.words) for one in sorted(questions, key=lambda one: order[one.link_id]))


def _details(plan: Resource | None, *, forbidden: bool) -> Iterator[Resource]:
    """Visit what the plan suggests after the level, or what it forbids."""
    for activity in plan["activity"] if plan else ():
        detail = activity.get("detail")
        if detail is not None and bool(detail.get("doNotPerform")) == forbidden:
            yield detail


def _steps(book: RuleBook, plan: Resource | None) -> Iterator[Point]:
    """Say what to do, at a glance with the first sentence; of an activity that holds a list, with what is before it."""
    for detail in _details(plan, forbidden=False):
        title = safe(detail["code"]["text"])
        code = detail["code"]["coding"][0]["code"]
        full = safe(detail.get("description", "")).removeprefix(title).lstrip(".!? ")
        before = len(_sentences(book.activities[code].detail)) if code in LISTS and code in book.activities else 1
        yield Point(title, " ".join(_sentences(full)[:before]), full)


def _sentences(text: str) -> list[str]:
    return SENTENCE_END.split(text)


def _forbidden(plan: Resource | None) -> Iterator[Point]:
    """Say what must not be done; at a glance with the facts that forbid it, else with the reason and its source."""
    for detail in _details(plan, forbidden=True):
        title, _, rest = safe(detail["description"]).partition(" Why: ")
        because = rest.partition(" By the word of: ")[0]
        known = because.partition(" Known: ")[2]
        yield Point(title, f"Known: {known}" if known else "", f"Why: {rest}" if rest else "")


def _left_out(plan: Resource | None) -> Iterator[Point]:
    for note in plan.get("note", ()) if plan else ():
        words = safe(note["text"])
        if words.startswith(LEFT_OUT):
            for one in NEXT_LEFT_OUT.split(words.removeprefix(LEFT_OUT)):
                title, *rest = _sentences(one)
                yield Point(title, "", " ".join(rest))


def _cause(prediction: Resource) -> Suspected:
    return Suspected(
        label=safe(prediction["outcome"]["text"]).removesuffix(" (not confirmed)"),
        fit=safe(prediction["qualitativeRisk"]["coding"][0]["display"]),
        rationale=safe(prediction["rationale"]),
    )
