"""The commands ``triage rules``: check the rule book, explain one rule of it, write the page of all of it."""

import difflib
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import click

from service.cli.diff_command import diff
from service.cli.explain_screen import print_rule, print_term, print_withholding
from service.cli.rules_page import rules_page
from service.cli.safety_page import safety_page
from service.cli.start import rule_book, unchecked_rule_book
from service.cli.terminal import safe, screen
from service.knowledge.checks import problems
from service.knowledge.checks.rules import exceptions
from service.knowledge.checks.statements import coverage
from service.knowledge.model import RuleBook
from service.knowledge.not_adopted import read_not_adopted
from service.knowledge.parse import BookError
from service.knowledge.safety import FOLDER, SafetyFile, read_safety_file

PAGE = Path("docs/rules.html")
SAFETY_PAGE = "safety.html"
MOST_SUGGESTIONS = 6


@click.group()
def rules() -> None:
    """Check the rule book, explain a rule, or write the page of all rules."""


rules.add_command(diff)

if find_spec("z3"):  # the solver is a development dependency: a server neither has nor needs it
    from service.cli.prove import prove_command

    rules.add_command(prove_command)


@rules.command()
def check() -> None:
    """Run every check of the whole book.

    Prints how many statements of the sources are accounted for, the deliberate exceptions, and a line per problem. Ends
    with 1 where there is a problem or a statement is not accounted for.
    """
    book = unchecked_rule_book()
    found = problems(book)
    counted = coverage(book)
    click.echo(
        f"statements {counted.statements} of {counted.of_statements}, "
        f"additions {counted.additions} of {counted.of_additions}"
    )
    for line in (*_exceptions(book), *found):
        click.echo(line)
    click.echo(f"{len(book.rules)} rules, {len(found)} problems")
    sys.exit(1 if found or counted.missing else 0)


@rules.command()
@click.argument("name", metavar="RULE")
def explain(name: str) -> None:
    """Explain a rule to a clinician: RULE is the id of a rule, a term or a withholding."""
    book = rule_book()
    console = screen()
    if name in book.rules:
        print_rule(console, book, book.rules[name])
    elif name in book.terms:
        print_term(console, book, book.terms[name])
    elif name in book.withholdings:
        print_withholding(console, book, book.withholdings[name])
    else:
        raise click.ClickException(_unknown(book, name))


@rules.command()
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=PAGE,
    show_default=True,
    help="The file to write, or to check.",
)
@click.option(
    "--safety",
    type=click.Path(file_okay=False, path_type=Path),
    default=FOLDER,
    show_default=True,
    help="The folder of the clinical safety file.",
)
@click.option("--check", "only_check", is_flag=True, help="Write nothing; say whether a page is stale, and end with 1.")
def docs(output: Path, safety: Path, only_check: bool) -> None:
    """Write two pages in HTML: the whole rule book, and beside it intended use and hazard log (safety.html)."""
    book = rule_book()
    pages = {
        output: rules_page(book, read_not_adopted()),
        output.with_name(SAFETY_PAGE): safety_page(book, _safety_file(safety)),
    }
    for path, page in pages.items():
        _write_or_check(path, page.encode(), only_check=only_check)


def _safety_file(folder: Path) -> SafetyFile:
    try:
        return read_safety_file(folder)
    except BookError as error:
        raise click.ClickException(f"{folder}: {error}") from error


def _write_or_check(path: Path, page: bytes, *, only_check: bool) -> None:
    if not only_check:
        _write(path, page)
        click.echo(f"{path}: written")
    elif not path.is_file():
        raise click.ClickException(f"{path}: missing; 'triage rules docs' writes it")
    elif path.read_bytes() != page:
        raise click.ClickException(f"{path}: stale; 'triage rules docs' writes it anew")
    else:
        click.echo(f"{path}: not stale")


def _exceptions(book: RuleBook) -> Iterator[str]:
    allowed = exceptions(book)
    yield f"deliberate exceptions: {len(allowed)}"
    for rule, about, reason in allowed:
        yield f"  rules/{rule.id}.yaml: '{about}': {reason}"


def _unknown(book: RuleBook, name: str) -> str:
    """Say that a name is unknown, and which known ones are spelt like it or hold it in their title."""
    titles = {rule.id: rule.title for rule in book.rules.values()}
    titles |= {term.id: term.says for term in book.terms.values()}
    titles |= {withholding.id: withholding.title for withholding in book.withholdings.values()}
    spelt = difflib.get_close_matches(name, titles, n=3, cutoff=0.8)
    titled = [known for known, title in titles.items() if name.lower() in f"{known} {title}".lower()]
    like = list(dict.fromkeys([*spelt, *titled]))[:MOST_SUGGESTIONS]
    meant = f"; did you mean {', '.join(like)}?" if like else ""
    return f"no rule, term or withholding has the id '{safe(name)}'{meant}"


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from error
