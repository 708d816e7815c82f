"""The map to SNOMED CT and LOINC holds the codes of the book and no other, each with an honest equivalence."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from service.knowledge.files import BOOK as FILES
from service.knowledge.parse import BookError
from service.mapping.artefacts.concept_map import concept_map, read_relations
from tests.mapping.responses import BOOK

WRITTEN = (FILES / "equivalence.yaml").read_text(encoding="utf-8")
CODES = yaml.safe_load((Path(__file__).parents[2] / "service/knowledge/book/codes.yaml").read_text(encoding="utf-8"))
MAP: dict[str, Any] = concept_map(BOOK)
TARGETS = [
    (group["target"], element["code"], target)
    for group in MAP["group"]
    for element in group["element"]
    for target in element["target"]
]
SYSTEMS = {"http://snomed.info/sct": "sct", "http://loinc.org": "loinc"}


def test_it_has_a_group_for_snomed_ct_and_one_for_loinc() -> None:
    assert [group["target"] for group in MAP["group"]] == list(SYSTEMS)
    assert all(group["source"].endswith("/CodeSystem/finding") for group in MAP["group"])


def test_it_holds_every_code_of_a_finding_but_those_that_say_it_is_absent() -> None:
    rows = {row["key"]: row["codings"] for row in CODES["codes"]}
    expected = [
        (finding, system, one["code"])
        for system in SYSTEMS.values()
        for finding in BOOK.findings
        for one in rows.get(finding, ())
        if one["system"] == system and one.get("polarity") != "absent"
    ]
    assert [(code, SYSTEMS[system], target["code"]) for system, code, target in TARGETS] == expected
    assert "60001007" not in {target["code"] for _, _, target in TARGETS}  # not pregnant


def test_what_codes_yaml_leaves_unconfirmed_has_no_equivalent_code() -> None:
    unconfirmed = {row["key"] for row in CODES["unconfirmed"]}
    assert [(code, one) for _, code, one in TARGETS if code in unconfirmed and one["equivalence"] == "equivalent"] == []


def test_what_is_not_equivalent_says_why() -> None:
    assert all(one.get("comment", "").strip() for _, _, one in TARGETS if one["equivalence"] != "equivalent")


def test_a_question_of_loinc_is_never_the_same_as_a_yes_or_no() -> None:
    # an answer of LOINC (LA...) may be, and a number is what its question measures
    same = [(code, one["code"]) for system, code, one in TARGETS if SYSTEMS[system] == "loinc"
            and one["equivalence"] == "equivalent" and not one["code"].startswith("LA")]  # fmt: skip
    assert {BOOK.findings[code].kind for code, _ in same} == {"integer", "quantity"}


DAMAGES = [
    # what is written, what stands there instead, what the error says
    ("- {finding: cough, code: '49727002', is: equivalent}\n", "", "cough: 49727002 has no row"),
    ("finding: cough, code: '49727002'", "finding: cough, code: '49727003'", "cough: 49727003 is no code of it"),
    ("is: wider, because: new or old", "is: wider", "says no reason"),
    ("code: '49727002', is: equivalent", "code: '49727002', is: alike", "Must be one of: equivalent"),
    (
        "- {finding: cough, code: '49727002', is: equivalent}\n",
        "- {finding: cough, code: '49727002', is: equivalent}\n" * 2,
        "cough: 49727002 stands twice",
    ),
    ("finding: cough,", "finding: coughs,", "coughs: 49727002 is no code of it"),
]


@pytest.mark.parametrize(("was", "put", "says"), DAMAGES)
def test_a_row_too_few_too_many_or_unclear_is_refused(tmp_path: Path, was: str, put: str, says: str) -> None:
    assert was in WRITTEN
    (tmp_path / "equivalence.yaml").write_text(WRITTEN.replace(was, put, 1), encoding="utf-8")
    with pytest.raises(BookError, match=r"^equivalence\.yaml: ") as refused:
        read_relations(tmp_path, BOOK)
    assert says in str(refused.value)


def test_everything_that_is_wrong_is_said_at_once_each_on_a_line_of_its_own(tmp_path: Path) -> None:
    row = "- {finding: cough, code: '49727002', is: equivalent}\n"
    written = WRITTEN.replace(row, "", 1) + "- {finding: coughs, code: '1', is: wider, because: so}\n" * 2
    (tmp_path / "equivalence.yaml").write_text(written, encoding="utf-8")
    with pytest.raises(BookError) as refused:
        read_relations(tmp_path, BOOK)
    assert str(refused.value).splitlines() == [
        "equivalence.yaml: coughs: 1 stands twice",
        "equivalence.yaml: cough: 49727002 has no row",
        "equivalence.yaml: coughs: 1 is no code of it in codes.yaml",
    ]
