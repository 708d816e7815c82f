"""The results of one response, written out whole but for their stories: what a receiver finds under which element."""

from dataclasses import replace
from typing import Any

from service import __version__
from service.mapping.writing.kept import Kept
from service.mapping.writing.results import Writing, write_results
from tests.mapping.writing.assessed import (
    CLEVELAND,
    DAY,
    GENERAL_MEDICINE,
    INSTRUCTION,
    NOT_HEAT,
    NOT_IBUPROFEN,
    SPINE_CARE,
    rash_and_open_questions,
)
from tests.mapping.writing.marks import UNPROVEN
from tests.mapping.writing.patients import AUTHORED, RESPONSE, RUN, book, header

BASE = "https://w3id.org/upper-back-triage"
DEFINITIONS = f"{BASE}/StructureDefinition"
SNOMED = "http://snomed.info/sct"
SOFTWARE = {
    "type": "Device",
    "identifier": {"system": f"{BASE}/identifier/software", "value": "upper-back-triage"},
    "display": "upper-back-triage 9.8.7",
}
PERSON = {"subject": {"reference": "Patient/1"}, "encounter": {"reference": "Encounter/2"}}


def written() -> dict[str, dict[str, Any]]:
    """Write the results; return each resource without its story and the findings that were used."""
    entries = write_results(book(), rash_and_open_questions(), header(), RUN)
    told = {one["resource"]["resourceType"]: dict(one["resource"]) for one in entries}
    for one in told.values():
        one.pop("text", None)
        if "extension" in one:
            one["extension"] = [part for part in one["extension"] if not part["url"].endswith("/input-used")]
    return told


def head_of(kind: str, profile: str) -> dict[str, Any]:
    """Return what every result begins with; its identifier is its fullUrl (see test_r4)."""
    urn = names()[kind]
    return {
        "resourceType": kind,
        "meta": {"profile": [f"{DEFINITIONS}/{profile}|{__version__}"]},
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": urn}],
    }


def names() -> dict[str, str]:
    entries = write_results(book(), rash_and_open_questions(), header(), RUN)
    return {one["resource"]["resourceType"]: one["fullUrl"] for one in entries}


def level(name: str, code: str, display: str) -> dict[str, Any]:
    coding = {"system": f"{BASE}/CodeSystem/triage-level", "code": code, "display": display}
    return {"url": f"{DEFINITIONS}/{name}", "valueCodeableConcept": {"coding": [coding], "text": display}}


def trace(rule: str, verdict: str, **parts: list[Any]) -> dict[str, Any]:
    """Write a trace; ``source_levels`` are pairs, all else is as it stands."""
    told: list[dict[str, Any]] = [{"url": "rule", "valueCode": rule}, {"url": "verdict", "valueCode": verdict}]
    told += [{"url": "finding", "valueCode": one} for one in parts["findings"]]
    told += [{"url": "linkId", "valueString": one} for one in parts["links"]]
    told += [{"url": "statement", "valueCode": one} for one in parts["statements"]]
    for source, asks in parts["source_levels"]:
        both = [{"url": "source", "valueCode": source}, {"url": "level", "valueCode": asks}]
        told.append({"url": "source-level", "extension": both})
    return {"url": f"{DEFINITIONS}/trace", "extension": told}


def prediction(cause: tuple[str, str], code: str, fit: tuple[str, str], rests_on: list[str], told: str) -> Any:
    """Write a prediction of moderate likelihood; all but shingles are dangerous, and so not excluded."""
    id_, display = cause
    not_excluded = [{"url": f"{DEFINITIONS}/not-excluded", "valueBoolean": True}] if id_ != "shingles" else []
    own, external = code.split(" ", 1)
    moderate = {
        "system": "http://terminology.hl7.org/CodeSystem/risk-probability",
        "code": "moderate",
        "display": "Moderate likelihood",
    }
    return {
        "extension": [*({"url": f"{DEFINITIONS}/rests-on", "valueCode": one} for one in rests_on), *not_excluded],
        "outcome": {
            "coding": [
                {"system": f"{BASE}/CodeSystem/cause", "code": id_, "display": display},
                {"system": SNOMED, "code": own, "display": external},
            ],
            "text": f"{display} (not confirmed)",
        },
        "qualitativeRisk": {
            "coding": [{"system": f"{BASE}/CodeSystem/pattern-fit", "code": fit[0], "display": fit[1]}, moderate]
        },
        "rationale": f"Not confirmed. {told}",
    }


FITS, PARTLY, NOT_EXCLUDED = ("fits", "Fits"), ("partly-fits", "Fits in part"), ("not-excluded", "Not excluded")
BREATH = "Not excluded by the answers. Points to it (still open): Shortness of breath. Named by"
TRACES = [
    trace("black-stools", "undecided", findings=["gi-bleeding"], links=["list-danger-2"],
          statements=["GL-gi-bleed.emergency"], source_levels=[("PROJECT", "emergency")]),
    trace("breathless", "undecided", findings=["dyspnoea"], links=["dyspnoea"],
          statements=["GM-er-breath", "SP-pe-breath", "CC-911-breath"],
          source_levels=[("GM", "emergency"), ("SP", "emergency"), ("CC", "ambulance")]),
    trace("rash-over-pain", "fired", findings=["rash"], links=["list-skin-shape"],
          statements=["GL-shingles.within-24h"], source_levels=[("PROJECT", "within-24h")]),
    trace("poor-body-mechanics", "fired", findings=["strain-event", "posture-load"], links=["list-injury-load"],
          statements=["SP-cause-mechanics"], source_levels=[]),
    trace("unusual-or-systemic-symptoms", "fired", findings=["rash"], links=["list-skin-shape"],
          statements=["GM-cancer.unusual"], source_levels=[("GM", "appointment")]),
]  # fmt: skip
PREDICTIONS = [
    prediction(("shingles", "shingles"), "4740000 Herpes zoster", FITS, ["GM-burning.unusual", "GM-pat-burning-rash"],
               f"Fits the answers. Points to it: New rash over the painful area. Named by {GENERAL_MEDICINE}."),
    prediction(("lung-cancer", "lung cancer"), "363358000 Malignant tumor of lung", PARTLY,
               ["CC-ref-lung", "SP-cause-serious"],
               "Fits the answers in part. Points to it: Pain with weight loss, fever, fatigue or another unusual "
               f"symptom. Named by {CLEVELAND}; {SPINE_CARE}."),
    prediction(("pulmonary-embolism", "pulmonary embolism"), "59282003 Pulmonary embolism", NOT_EXCLUDED,
               ["CC-911-mi-pe", "SP-pe-breath"], f"{BREATH} {CLEVELAND}; {SPINE_CARE}."),
    prediction(("heart-attack", "heart attack"), "22298006 Myocardial infarction", NOT_EXCLUDED,
               ["CC-911-mi-pe"], f"{BREATH} {CLEVELAND}."),
]  # fmt: skip


def test_the_whole_risk_assessment() -> None:
    policy = {"url": f"{DEFINITIONS}/policy", "extension": [{"url": "code", "valueCode": "strictest"}]}
    version = {"url": "version", "valueString": book().version}
    digest = {"url": "sha256", "valueString": book().digest}
    missing = [
        {"url": f"{DEFINITIONS}/input-missing", "valueCode": one}
        for one in ("age", "dyspnoea", "gi-bleeding", "hx-smoker")
    ]
    assert written()["RiskAssessment"] == {
        **head_of("RiskAssessment", "triage-risk-assessment"),
        "extension": [
            level("triage-level", "within-24h", DAY),
            level("triage-ceiling", "ambulance", "Call the emergency number now"),
            policy,
            {"url": f"{DEFINITIONS}/rule-book", "extension": [version, digest]},
            {"url": f"{DEFINITIONS}/scope", "valueCode": "in"},
            *TRACES,
            *missing,
        ],
        "status": "preliminary",
        "method": {
            "coding": [
                {
                    "system": f"{BASE}/CodeSystem/method",
                    "version": book().version,
                    "code": "rule-book",
                    "display": "Rule book",
                }
            ],
            "text": f"Rules for upper back pain, version {book().version}, policy strictest",
        },
        **PERSON,
        "occurrenceDateTime": AUTHORED,
        "performer": SOFTWARE,
        "basis": [RESPONSE, {"reference": "Condition/liver"}],
        "prediction": PREDICTIONS,
        "mitigation": f"{DAY}. {INSTRUCTION} Answer the questions that are still open. Watch for signs that need help "
        f"at once. {NOT_HEAT} {NOT_IBUPROFEN}",
        "note": [
            {"text": "This result is preliminary. Questions that could raise the level are open."},
            {"text": book().intended_use},
        ],
    }


def test_the_whole_service_request() -> None:
    assert written()["ServiceRequest"] == {
        **head_of("ServiceRequest", "triage-service-request"),
        "extension": [level("triage-level", "within-24h", DAY)],
        "status": "draft",
        "intent": "proposal",
        "priority": "urgent",
        "code": {
            "coding": [
                {"system": f"{BASE}/CodeSystem/activity", "code": "see-clinician-within-24h", "display": DAY},
                {"system": SNOMED, "code": "703978000", "display": "Referral to primary care service"},
            ],
            "text": DAY,
        },
        **PERSON,
        "occurrencePeriod": {"start": AUTHORED, "end": "2026-05-02T10:00:00+02:00"},
        "authoredOn": AUTHORED,
        "requester": SOFTWARE,
        "supportingInfo": [{"reference": names()["RiskAssessment"]}, RESPONSE],
        "patientInstruction": INSTRUCTION,
    }


def test_the_activities_of_the_plan_say_all_that_belongs_to_them() -> None:
    described = [one["detail"]["description"] for one in written()["CarePlan"]["activity"][1:]]
    assert described == [
        "Answer the questions that are still open. An answer may mean that you need help sooner. If you cannot tell, "
        "count it as a yes and say so. Are you short of breath? Do you have any of these now? Black stools.",
        "Watch for signs that need help at once. If one of the signs named here appears, do not wait. See a clinician, "
        "too, if the pain is not gone 7 days after it began, or gets worse at any time. Call your local emergency "
        "number now if one of these appears: shortness of breath; chest pain or discomfort. Go to an emergency "
        "department now if one of these appears: black stools.",
        NOT_HEAT,
        NOT_IBUPROFEN,
    ]


def test_stored_results_refer_to_each_other_by_the_names_they_are_stored_under() -> None:
    references = {"RiskAssessment": "RiskAssessment/r1/_history/1", "ServiceRequest": "ServiceRequest/s1"}
    writing = Writing(references=references)
    _, plan, request, outcome = (
        one["resource"] for one in write_results(book(), rash_and_open_questions(), header(), RUN, writing)
    )
    assert plan["activity"][0]["reference"] == {"reference": "ServiceRequest/s1"}
    assert plan["supportingInfo"] == [{"reference": "RiskAssessment/r1/_history/1"}, RESPONSE]
    assert request["supportingInfo"] == plan["supportingInfo"]
    assert request["identifier"][0]["value"] == names()["ServiceRequest"], "the identifier stays its own"
    assert outcome["resourceType"] == "OperationOutcome"


def test_the_warnings_have_a_name_of_their_own() -> None:
    by_name = names()
    assert list(by_name) == ["RiskAssessment", "CarePlan", "ServiceRequest", "OperationOutcome"]
    assert len(set(by_name.values())) == len(by_name)


def test_parts_are_kept_by_policy_and_emergency_number() -> None:
    kept = Kept()
    write_results(book(), rash_and_open_questions(), header(), RUN, Writing(kept))
    assert list(kept.under) == [("strictest", RUN.emergency_number)]
    assert kept.under["strictest", RUN.emergency_number].written


def test_a_request_by_rules_that_are_not_proven_says_so_in_a_note() -> None:
    unproven = replace(book(), proven=False)
    _, _, request, _ = (one["resource"] for one in write_results(unproven, rash_and_open_questions(), header(), RUN))
    assert request["note"] == [{"text": UNPROVEN}]


def test_every_name_is_another_one_for_another_tenant() -> None:
    elsewhere = write_results(book(), rash_and_open_questions(), header(), replace(RUN, tenant="other"))
    assert not {one["fullUrl"] for one in elsewhere} & set(names().values())
