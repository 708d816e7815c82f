"""What makes the artefacts a FHIR package: the manifest, the index and the guide name everything that there is."""

import json
from pathlib import Path
from typing import Any

import pytest

from service import __version__
from service.mapping.artefacts.example_resources import example_resources
from service.mapping.artefacts.package import implementation_guide, index, manifest
from service.mapping.canonical import BASE
from service.usecases.profiles import SAMPLES

PROFILES = Path(__file__).parents[2] / "fhir_profiles"
FILES = {path.name: json.loads(path.read_bytes()) for path in PROFILES.glob("*.json") if path.name[0] not in ".p"}
EXAMPLES = {path.name: json.loads(path.read_bytes()) for path in PROFILES.glob("example/*.json")}
GUIDE = json.loads((PROFILES / "ImplementationGuide-upper-back-triage.json").read_bytes())
INDEX = json.loads((PROFILES / ".index.json").read_bytes())


def reference(resource: dict[str, Any]) -> str:
    """Name a resource by type and id."""
    return f"{resource['resourceType']}/{resource['id']}"


def test_the_manifest_is_what_the_package_specification_asks_for() -> None:
    written = manifest()
    assert written["name"].islower()
    assert "." in written["name"]
    assert (written["version"], written["canonical"]) == (__version__, BASE)
    assert written["fhirVersions"] == ["4.0.1"]
    assert written["dependencies"]["hl7.fhir.r4.core"] == "4.0.1"


def test_the_guide_and_the_manifest_depend_on_the_same_packages() -> None:
    others = {one["packageId"]: one["version"] for one in GUIDE["dependsOn"]}
    assert manifest()["dependencies"] == {"hl7.fhir.r4.core": "4.0.1"} | others


def test_the_index_has_a_row_for_each_resource_with_what_it_says_of_itself() -> None:
    assert INDEX["index-version"] == 2
    assert [row["filename"] for row in INDEX["files"]] == sorted(FILES)
    for row in INDEX["files"]:
        resource = FILES[row.pop("filename")]
        assert row == {key: resource[key] for key in row}
        assert {"resourceType", "id", "url", "version"} <= row.keys()


def test_the_index_leaves_out_what_is_not_text() -> None:
    files = {"a.json": {"resourceType": "CodeSystem", "id": "a", "content": "complete", "type": ["no text"]}}
    (row,) = index(files)["files"]
    assert row == {"filename": "a.json", "resourceType": "CodeSystem", "id": "a", "content": "complete"}


def test_the_guide_lists_every_artefact_and_every_example_once() -> None:
    listed = {one["reference"]["reference"]: one for one in GUIDE["definition"]["resource"]}
    assert len(listed) == len(GUIDE["definition"]["resource"])
    defined = {reference(one) for name, one in FILES.items() if not name.startswith("ImplementationGuide-")}
    given = {reference(one): one for one in EXAMPLES.values()}
    assert set(listed) == defined | set(given)
    for name, row in listed.items():
        expected = (
            {"exampleCanonical": given[name]["meta"]["profile"][-1]} if name in given else {"exampleBoolean": False}
        )
        assert expected.items() <= row.items()


def test_a_type_that_no_group_of_the_guide_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="unpack"):
        implementation_guide([{"resourceType": "Patient", "id": "one", "title": "One"}], [])


def test_there_is_a_response_with_each_of_its_results_for_every_level() -> None:
    found = {reference(one) for one in EXAMPLES.values()}
    names = {one.partition("/")[2] for one in found}
    kinds = ("QuestionnaireResponse", "RiskAssessment", "CarePlan", "ServiceRequest")
    assert found == {f"{kind}/{name}" for kind in kinds for name in names}
    levels = [one["extension"][0]["valueCodeableConcept"]["coding"][0]["code"] for one in EXAMPLES.values()
              if one["resourceType"] == "RiskAssessment"]  # fmt: skip
    assert sorted(levels) == ["ambulance", "appointment", "emergency", "self-care", "within-24h"]


def test_examples_refer_to_each_other_by_type_and_id() -> None:
    for one in EXAMPLES.values():
        if one["resourceType"] == "RiskAssessment":
            assert one["basis"][0]["reference"] == f"QuestionnaireResponse/{one['id']}"
        if one["resourceType"] in ("CarePlan", "ServiceRequest"):
            assert one["supportingInfo"][0] == {"reference": f"RiskAssessment/{one['id']}"}
        if one["resourceType"] == "CarePlan":
            assert one["activity"][0]["reference"] == {"reference": f"ServiceRequest/{one['id']}"}


def test_an_outcome_beside_the_results_is_no_example() -> None:
    answer = {"entry": [{"resource": {"resourceType": "OperationOutcome"}}]}
    (only,) = example_resources(
        "one", {"resourceType": "QuestionnaireResponse", "id": "theirs", "status": "completed"}, answer
    )
    assert (only["id"], only["status"], list(only)[:3]) == ("one", "completed", ["resourceType", "id", "meta"])


@pytest.mark.parametrize("name", SAMPLES)
def test_the_examples_are_the_samples_with_their_committed_answers(name: str) -> None:
    body, answer = (
        json.loads((PROFILES / "examples" / name / file).read_bytes()) for file in ("body.json", "answer.json")
    )
    made = {reference(one): one for one in example_resources(name, body, answer)}
    assert made == {reference(one): one for one in EXAMPLES.values() if one["id"] == name}
