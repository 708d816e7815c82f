"""The gate against HL7's own R4 package: everything that HL7 published as an example, and the table made from it.

It needs the unpacked npm package hl7.fhir.r4.examples 4.0.1 in the folder that R4_EXAMPLES names.
"""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from service.mapping.gate.json_text import parse
from service.mapping.gate.structure import check
from service.settings import Limits

REPOSITORY = Path(__file__).parents[3]
FOLDER = os.environ.get("R4_EXAMPLES", "")
PARTS_OF_THE_PACKAGE_ITSELF = {"package.json", "ig-r4.json", ".index.json"}
# HL7's definitions of R4 and its terminology are larger than what anybody posts here.
LIMITS = Limits(body_bytes=10**9, string_bytes=10**8, response_depth=100)

pytestmark = [
    pytest.mark.needs("the npm package hl7.fhir.r4.examples 4.0.1"),
    pytest.mark.skipif(not FOLDER, reason="NOT RUN: R4_EXAMPLES names no folder with hl7.fhir.r4.examples 4.0.1"),
]

SEARCH = "SearchParameter"
# What HL7 published against its own rules, and what this service refuses on purpose.
REFUSED = {
    ("Basic-referral.json", "extension"): "on purpose: a modifierExtension",
    ("ActivityDefinition-blood-tubes-supply.json", "value"): "txt-2: the div is blank",
    ("ActivityDefinition-heart-valve-replacement.json", "value"): "txt-2: the div is blank",
    ("EventDefinition-example.json", "value"): "txt-2: the div is blank",
    ("Questionnaire-zika-virus-exposure-assessment.json", "value"): "txt-2: the div is blank",
    ("Bundle-v2-valuesets.json", "value"): "codes with two blanks in a row",
    ("CodeSystem-v2-0550.json", "value"): "codes with two blanks in a row",
    ("ImplementationGuide-fhir.json", "required"): "name and status are missing",
    ("Questionnaire-qs1.json", "required"): "linkId is missing",
    (f"{SEARCH}-questionnaireresponse-extensions-QuestionnaireResponse-item-subject.json", "value"): "id of 66",
} | {
    (f"{SEARCH}-{name.lower()}-extensions-{name}-{what}.json", "required"): "base is missing"
    for name in ("CodeSystem", "ValueSet")
    for what in ("author", "effective", "end", "keyword", "workflow")
}


def test_every_official_example_is_accepted_but_those_that_break_r4() -> None:
    paths = sorted(p for p in Path(FOLDER).glob("*.json") if p.name not in PARTS_OF_THE_PACKAGE_ITSELF)
    assert len(paths) > 5_000
    refused = Counter(refusal for path in paths for refusal in refusals_of(path))
    files = {name for name, _ in refused}
    sys.stdout.write(f"{len(paths) - len(files)} of {len(paths)} official examples accepted\n")
    assert refused.keys() == REFUSED.keys()


def refusals_of(path: Path) -> set[tuple[str, str]]:
    resource = parse(path.read_bytes(), LIMITS)
    return {(path.name, issue.code) for issue in check(resource, "Resource")}


def test_the_table_is_what_the_builder_makes_of_the_package() -> None:
    builder = REPOSITORY / "tests" / "judges" / "r4_definitions.py"
    subprocess.run([sys.executable, str(builder), "check", FOLDER], check=True)
