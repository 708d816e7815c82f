"""Prints what a result says: the level first, then why, what to ask and what to do; it words nothing anew."""

from collections.abc import Iterable

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from service.cli.reasons import Disagreement, Reason, Said
from service.cli.terminal import is_plain, point
from service.cli.words import Point, Refused, Suspected, Told

BANNERS = {
    "ambulance": "bold white on red3",
    "emergency": "bold white on dark_orange3",
    "within-24h": "bold black on yellow3",
    "appointment": "bold white on blue3",
    "self-care": "bold white on green4",
}
"""A colour never stands alone: the level is always written, too."""

COLOURS = {
    "ambulance": "bold red",
    "emergency": "bold dark_orange3",
    "within-24h": "bold yellow",
    "appointment": "bold blue",
    "self-care": "bold green",
}
NO_LEVEL = "cause only"
LEVEL_WIDTH = len("appointment") + 2
MOST_QUESTIONS = 8
MOST_ANSWERS = 4


def print_told(console: Console, told: Told, *, everything: bool = False) -> None:
    """Print one result; with ``everything`` nothing is shortened."""
    _print_level(console, told)
    _print_reasons(console, told, everything=everything)
    _print_disagreements(console, told.disagreements)
    _print_questions(console, told, everything=everything)
    _print_plan(console, told, everything=everything)
    _print_causes(console, told.causes, everything=everything)
    _print_points(console, "Noticed about the response", "-", told.warnings, everything=everything)
    _print_about(console, told)


def print_refused(console: Console, refused: Refused) -> None:
    """Print why a response was refused."""
    point(console, "", Text("REFUSED: not triaged, so nothing is said about its urgency.", "bold red"))
    for reason in refused.reasons:
        point(console, " - ", Text(f"{reason.title} {reason.full}"))


def heading(console: Console, words: str) -> None:
    """Print the heading of a section."""
    console.print()
    point(console, "", Text(words.upper(), "bold cyan"))


def level_text(level: str, none: str = NO_LEVEL) -> Text:
    """Write a level in its colour; ``none`` are the words for no level at all."""
    return Text(level or none, COLOURS.get(level, "dim"))


def _print_level(console: Console, told: Told) -> None:
    words = Text(f"{told.level.upper()}: {told.heading}")
    if is_plain(console):
        for line in (Text("=" * console.width), words, Text("=" * console.width)):
            console.print(line)
    else:
        console.print(Panel(words, style=BANNERS.get(told.level, "bold reverse"), padding=(1, 2)))
    for doubt in _doubts(told):
        point(console, "! ", Text(doubt, "bold magenta"))
    point(console, "", Text(told.first))


def _doubts(told: Told) -> Iterable[str]:
    """Say at once what keeps a reader from taking the level as the last word."""
    if told.ceiling != told.level:
        yield f"Could still become {told.ceiling.upper()}: questions are open."
    elif told.status == "preliminary":
        yield "Preliminary: the last words of this page say why."
    if told.out_of_scope:
        yield "Out of scope: these rules do not speak of this complaint."
    if told.test_data:
        yield "Test data: not for the care of a patient."


def _print_reasons(console: Console, told: Told, *, everything: bool) -> None:
    heading(console, "Why")
    for reason in told.deciding:
        _print_reason(console, reason, everything=everything)
    if not told.deciding:
        _print_open_reasons(console, told)
    others = [one for one in told.others if one.level or everything]
    if others:
        heading(console, "Also found")
    for reason in others:
        if everything:
            _print_reason(console, reason, everything=True)
        else:
            _print_briefly(console, reason)


def _print_reason(console: Console, reason: Reason, *, everything: bool) -> None:
    point(console, " * ", Text(reason.title, "bold"))
    shown = reason.answers if everything else reason.answers[:MOST_ANSWERS]
    more = len(reason.answers) - len(shown)
    if shown:
        point(console, "   ", Text("; ".join([*shown, *([f"and {more} more answers"] if more else [])])))
    for said in reason.said:
        _print_said(console, said)


def _print_said(console: Console, said: Said) -> None:
    level = level_text(said.level)
    level.align("left", LEVEL_WIDTH)
    reading = f", our reading of {said.reading}" if said.reading else ""
    point(console, Text("   ").append_text(level), Text(f"{said.source}{reading}"))


def _print_briefly(console: Console, reason: Reason) -> None:
    words = Text(f"{reason.title}: ").append_text(level_text(reason.level))
    asking = dict.fromkeys(one.source for one in reason.said if one.level == reason.level)
    if asking:
        words.append(f", {'; '.join(asking)}", "dim")
    point(console, " * ", words)


def _print_open_reasons(console: Console, told: Told) -> None:
    """Say why a level stands that no fired rule asks for."""
    if not told.undecided and not told.also_open:
        point(console, " * ", Text("No answer asks for more than this."))
    elif not told.undecided:
        point(console, " * ", Text("No answer asks for this by itself. It stands because of what is still open."))
    else:
        point(console, " * ", Text("No answer asks for this by itself. These are not yet ruled out:"))
    for reason in told.undecided:
        point(console, "   - ", Text(f"{reason.title}: ").append_text(level_text(reason.level)))


def _print_disagreements(console: Console, disagreements: tuple[Disagreement, ...]) -> None:
    if disagreements:
        heading(console, "Where the sources disagree")
    for one in disagreements:
        words = Text(f"{one.topic}: ", "bold")
        for said in one.said:
            words.append(f"{said.source}: ", "not bold").append_text(level_text(said.level)).append("; ", "not bold")
        point(console, " * ", words.append("taken here: ", "not bold").append_text(level_text(one.taken)))


def _print_questions(console: Console, told: Told, *, everything: bool) -> None:
    most = None if everything else MOST_QUESTIONS
    if told.ask:
        _print_numbered(console, "Ask next, the gravest first", told.ask, most)
    if told.also_open and (everything or not (told.ask or told.deciding)):
        _print_numbered(console, "Still open, though no answer could raise the level", told.also_open, most)


def _print_numbered(console: Console, title: str, questions: tuple[str, ...], most: int | None) -> None:
    heading(console, title)
    for number, question in enumerate(questions[:most], 1):
        point(console, f"{number:>2}. ", Text(question))
    if most is not None and len(questions) > most:
        point(console, "    ", Text(f"and {len(questions) - most} more; --all prints every one", "italic"))


def _print_plan(console: Console, told: Told, *, everything: bool) -> None:
    if not told.has_plan:
        none = "None: this policy compares sources and is never for the care of a patient."
        _print_list(console, "Plan", "-", (none,))
        return
    _print_points(console, "Do not", "x", told.do_not, everything=everything)
    _print_points(console, "Do", "+", told.steps, everything=everything)
    _print_points(console, "Left out of the plan", "-", told.left_out, everything=everything)


def _print_points(console: Console, title: str, mark: str, points: tuple[Point, ...], *, everything: bool) -> None:
    if points:
        heading(console, title)
    for one in points:
        words = Text(one.title if one.title.endswith((".", "?")) else f"{one.title}.", "bold")
        more = one.full if everything else one.brief
        point(console, f" {mark} ", words.append(f" {more}" if more else "", "not bold"))


def _print_causes(console: Console, causes: tuple[Suspected, ...], *, everything: bool) -> None:
    """Print the causes: by how they fit, or with ``everything`` each with who names it."""
    if causes:
        heading(console, "Causes to think of, none of them confirmed")
    if everything:
        for cause in causes:
            point(console, " ? ", Text(f"{cause.label}: ", "bold").append(cause.rationale, "not bold"))
        return
    for fit in dict.fromkeys(cause.fit for cause in causes):
        labels = ", ".join(cause.label for cause in causes if cause.fit == fit)
        point(console, " ? ", Text(f"{fit}: ", "bold").append(labels, "not bold"))


def _print_about(console: Console, told: Told) -> None:
    console.print()
    for note in told.notes:
        point(console, "", Text(note, "dim"))
    about = f"Response {told.response}, policy {told.policy}, rule book {told.rule_book}."
    point(console, "", Text(about, "dim"))


def _print_list(console: Console, title: str, mark: str, points: tuple[str, ...]) -> None:
    if points:
        heading(console, title)
    for one in points:
        point(console, f" {mark} ", Text(one))
