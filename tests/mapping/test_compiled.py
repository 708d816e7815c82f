"""The definitions that were compiled from FSH are read as they are packed, number for number."""

from decimal import Decimal
from pathlib import Path

import pytest

from service.mapping.artefacts import compiled as packed
from service.mapping.artefacts.compiled import compiled
from service.mapping.writing.json_bytes import dump


def test_a_decimal_of_a_definition_keeps_its_digits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = '[{"resourceType":"StructureDefinition","maxValueDecimal":72.50,"title":"größer"}]'
    (tmp_path / "compiled.json").write_text(text, encoding="utf-8")
    monkeypatch.setattr(packed, "FILE", tmp_path / "compiled.json")
    assert compiled()[0]["maxValueDecimal"] == Decimal("72.50")
    assert dump(compiled()) == text.encode()


def test_each_definition_that_is_packed_has_a_type_and_an_id_and_comes_once() -> None:
    names = [(one["resourceType"], one["id"]) for one in compiled()]
    assert names
    assert len(set(names)) == len(names)
