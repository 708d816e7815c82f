"""What was not made for a patient says so wherever it may be read alone."""

from dataclasses import replace

from service.mapping.writing.results import write_results
from tests.mapping.responses import filled
from tests.mapping.writing.patients import RUN, book, header, patient
from tests.safety.answered import entries_of
from tests.usecases.test_triage import parameters


def test_a_result_of_unproven_rules_is_test_data_in_code_and_words() -> None:
    who = patient("self-care: a sore muscle")
    for proven in (True, False):
        written = write_results(replace(book(), proven=proven), who.assessment(), header(), RUN)
        resources = [one["resource"] for one in written if one["resource"]["resourceType"] != "OperationOutcome"]
        assert len(resources) == 3
        for resource in resources:
            codes = [label["code"] for label in resource["meta"].get("security", ())]
            assert codes == ([] if proven else ["HTEST"])
            assert ("Unproven rules" in resource["text"]["div"]) is not proven


def test_a_request_that_sets_the_moment_gets_test_data_and_no_other_does() -> None:
    for body, codes in ((filled(), []), (parameters(filled(), at="2026-11-21T10:00:00Z"), ["HTEST"])):
        for entry in entries_of(body).values():
            labels = entry["resource"].get("meta", {}).get("security", ())
            assert [label["code"] for label in labels] == codes
