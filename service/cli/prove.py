"""The command ``triage rules prove``: proves the rule book, and prints what was proven or a case against it."""

import sys
import time
from pathlib import Path

import click

from service.engine.proof.patients import written_facts
from service.engine.proof.property import Example, Failure, Property
from service.knowledge.certificate import CERTIFICATE
from service.knowledge.checks.rules import exceptions
from service.knowledge.files import BOOK
from service.knowledge.load import checked_book
from service.knowledge.model import RuleBook
from service.knowledge.parse import BookError
from service.knowledge.witnesses import WITNESSES
from service.mapping.writing.json_bytes import dump
from service.usecases.counterexample import response_of
from service.usecases.prove import Proof, prove, write_proof
from service.usecases.triage import now

MOST_SHOWN = 3
"""How many counterexamples of one property are printed in full; the others are named."""


@click.command("prove")
@click.option("--book", "folder", type=click.Path(file_okay=False, exists=True, path_type=Path), default=BOOK)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), default=CERTIFICATE, help="The certificate.")
@click.option("--witnesses", type=click.Path(dir_okay=False, path_type=Path), default=WITNESSES, help="The witnesses.")
def prove_command(folder: Path, output: Path, witnesses: Path) -> None:
    """Prove the rule book: no gap, no dead rule, no answer that hides danger.

    Prints each property with the number of questions answered and what is listed. Writes the certificate that a start
    demands, and a witness for each rule. Ends with 1, and writes nothing, where a property does not hold.
    """
    try:
        book = checked_book(folder)
    except BookError as error:
        raise click.ClickException(f"the rule book does not load: {error}") from error
    begun = time.monotonic()
    proof = prove(folder, lambda one: _print_property(book, one))
    click.echo(f"deliberate exceptions: {len(exceptions(book))}")
    count = sum(one.count for one in proof.properties)
    click.echo(f"{len(proof.properties)} properties, {count} questions, {time.monotonic() - begun:.0f} s")
    if not proof.holds:
        click.echo("not proven; nothing was written", err=True)
        sys.exit(1)
    _write(book, proof, output, witnesses)


def _write(book: RuleBook, proof: Proof, output: Path, witnesses: Path) -> None:
    try:
        changes = write_proof(book, proof, output, witnesses)
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from error
    for change in changes:
        click.echo(f"witness changed: {change}")
    click.echo(f"proven; {output.name} and {witnesses.name} are written")


def _print_property(book: RuleBook, one: Property) -> None:
    click.echo(f"{one.id}: {one.title}: {one.count} questions, {len(one.failures)} failed, {len(one.listed)} listed")
    for line in one.listed:
        click.echo(f"  listed: {line}")
    for failure in one.failures[:MOST_SHOWN]:
        _print_failure(book, failure)
    for failure in one.failures[MOST_SHOWN:]:
        click.echo(f"  FAILED: {failure.says}")


def _print_failure(book: RuleBook, failure: Failure) -> None:
    click.echo(f"  FAILED: {failure.says}")
    for place, example in zip(("before", "after"), failure.examples, strict=False):
        name = place if len(failure.examples) > 1 else "for"
        click.echo(f"    {name}: {_body(book, example)}")


def _body(book: RuleBook, example: Example) -> str:
    response = response_of(book.form, example, now())
    if response is None:
        return f"facts that no form alone gives: {', '.join(written_facts(example.facts))}"
    return dump(response).decode()
