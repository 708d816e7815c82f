"""Every rule's witness comes out as it did when the book was proven; a service where one does not must not start."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from service.engine.canary import failing_witnesses
from service.knowledge.condition import Not
from service.knowledge.parse import BookError
from service.knowledge.witnesses import Witness, read_witnesses, written_witnesses
from tests.proof.any_patient import BOOK

WITNESSES = read_witnesses()


def test_every_rule_has_a_witness_that_comes_out_as_proven() -> None:
    assert list(failing_witnesses(BOOK, WITNESSES)) == []
    assert [one.rule for one in WITNESSES] == list(BOOK.rules)


def test_a_rule_that_no_longer_fires_is_named() -> None:
    rule = BOOK.rules["sudden-severe"]
    book = replace(BOOK, rules={**BOOK.rules, rule.id: replace(rule, when=Not(rule.when))})
    assert any(
        "'sudden-severe'" in found and "does not make it fire" in found for found in failing_witnesses(book, WITNESSES)
    )


def test_another_level_is_named() -> None:
    levels = {**BOOK.rule_levels["strictest"], "any-fever": "appointment"}
    book = replace(BOOK, rule_levels={**BOOK.rule_levels, "strictest": levels})
    assert any("gets" in found and "proven was emergency" in found for found in failing_witnesses(book, WITNESSES))


def test_a_rule_without_a_witness_and_a_witness_without_a_rule_are_named() -> None:
    first, *others = WITNESSES
    stranger = replace(first, rule="no-such-rule")
    assert list(failing_witnesses(BOOK, [stranger, *others])) == [
        "the witness of 'no-such-rule' has no rule",
        f"the rule '{first.rule}' has no witness",
    ]


def test_witnesses_are_read_as_they_were_written(tmp_path: Path) -> None:
    witness = Witness(
        "some-rule",
        {"cough": True, "age": Decimal("60.5"), "tried": frozenset({"heat", "cold"})},
        {"strictest": "emergency"},
        {"strictest": "appointment"},
    )
    path = tmp_path / "witnesses.json"
    path.write_text(written_witnesses([witness]), "utf-8")
    assert read_witnesses(path) == (witness,)


@pytest.mark.parametrize("content", ["", "{}", "[1]", '[{"rule": "x"}]', '[{"rule": "x", "facts": {"a": "b"}}]'])
def test_a_file_that_holds_no_witnesses_is_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "witnesses.json"
    path.write_text(content, "utf-8")
    with pytest.raises(BookError, match=r"witnesses\.json: not readable"):
        read_witnesses(path)
