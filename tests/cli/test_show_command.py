"""That `triage show` prints what a server sent in the very words of `triage triage`, and refuses anything else."""

import pytest

from tests.mapping.responses import filled

from .bench import BREATHLESS, ONE_OF_TWO, OUT_OF_RANGE, ran, triaged


@pytest.mark.parametrize("resource", [BREATHLESS, ONE_OF_TWO, OUT_OF_RANGE])
@pytest.mark.parametrize("options", [(), ("--all",)])
def test_a_result_is_shown_as_it_was_triaged(resource: object, options: tuple[str, ...]) -> None:
    sent = triaged(resource, "--json").stdout_bytes
    shown = ran("show", "-", *options, given=sent)
    there = triaged(resource, *options)
    assert shown.stdout == there.stdout
    assert shown.exit_code == there.exit_code


def test_decimals_of_a_result_keep_their_digits() -> None:
    sent = triaged(filled(duration_days=("21.50", "d")), "--json").stdout_bytes
    assert "21.50 days" in ran("show", "-", given=sent).stdout


IN_A_BUNDLE = b'{"resourceType":"Bundle","entry":[{"resource":%s}]}'

# fmt: off
NOT_SHOWN = [
    # bytes                                                                             comment
    (b"",                                                                               "nothing"),
    (b"text",                                                                           "not JSON"),
    (b"\xff\xfe",                                                                       "not UTF-8"),
    (b"[" * 100_000,                                                                    "nested without end"),
    (b"{}",                                                                             "no resource"),
    (IN_A_BUNDLE % b'{"resourceType":"RiskAssessment"}',                                "an empty result"),
    (IN_A_BUNDLE % b'{"resourceType":"RiskAssessment","extension":7}',                  "a wrong type"),
    (b'{"resourceType":"OperationOutcome"}',                                            "an outcome without issues"),
]
# fmt: on


@pytest.mark.parametrize(("given", "comment"), NOT_SHOWN, ids=[comment for _, comment in NOT_SHOWN])
def test_what_is_no_result_ends_with_1_and_one_line(given: bytes, comment: str) -> None:
    result = ran("show", "-", given=given)
    assert result.exit_code == 1, comment
    assert result.stdout == ""
    assert result.stderr.startswith("Error: standard input: ")
    assert result.stderr.count("\n") == 1
