"""The runner itself: only a test's own assertion kills a mutant; what lives, breaks or never runs is said."""

import pytest

from service.knowledge.safety import Control, Mutant
from tests.safety.mutants import KILLED, Outcome, judged, share_of, verdict, verdict_without_mutant
from tests.safety.outcomes import is_assertion

TEST = "tests/a.py::test_a"

VERDICTS = [
    # how pytest ended, exit code, how the cases of the test ended, what is said, comment
    (1, {"passed", "asserted"}, KILLED, "one case failed by assertion"),
    (0, {"passed"}, "not run: pytest ended with 0", "every case passes"),
    (1, {"passed"}, "alive", "another test failed"),
    (1, {"asserted", "broken: KeyError in call"}, "failed, but not by assertion: broken: KeyError in call", "both"),
    (1, {"broken: BookError in setup"}, "failed, but not by assertion: broken: BookError in setup", "a fixture broke"),
    (1, {"skipped"}, "alive", "a test that was skipped has noticed nothing"),
    (2, set(), "not run: pytest ended with 2", "a module that does not load is no kill"),
    (4, set(), "not run: pytest ended with 4", "a test that is not there is no kill"),
    (5, set(), "not run: pytest ended with 5", "nothing was collected"),
]


@pytest.mark.parametrize(("code", "ended", "says", "comment"), VERDICTS, ids=[row[-1] for row in VERDICTS])
def test_what_is_said_of_a_mutant(code: int, ended: set[str], says: str, comment: str) -> None:
    assert verdict(Outcome(code, {TEST: ended} if ended else {}, ""), TEST) == says, comment


@pytest.mark.parametrize("ended", [set(), {"skipped"}, {"asserted"}, {"passed", "skipped"}, {"broken: E in call"}])
def test_a_test_counts_only_where_it_passes_before_anything_is_broken(ended: set[str]) -> None:
    assert verdict_without_mutant(Outcome(0, {TEST: ended}, ""), TEST).startswith("without a mutant: ")
    assert verdict_without_mutant(Outcome(0, {TEST: {"passed"}}, ""), TEST) == ""


def test_only_an_assertion_is_a_tests_own_word() -> None:
    with pytest.raises(BaseException, match="DID NOT RAISE") as not_raised, pytest.raises(KeyError):
        pass
    assert is_assertion(not_raised.value)
    assert is_assertion(AssertionError())
    assert is_assertion(ExceptionGroup("several", [AssertionError(), AssertionError()]))
    assert not is_assertion(ExceptionGroup("several", [AssertionError(), ValueError()]))
    assert not is_assertion(ImportError())


def test_every_control_has_its_turn() -> None:
    names = [str(number) for number in range(12)]
    shares = [share_of(names, f"{k}/5") for k in range(1, 6)]
    assert sorted((one for share in shares for one in share), key=int) == names
    assert share_of(names, "1/1") == names


def control(find: str, put: str) -> Control:
    test = "tests/mapping/test_dates.py::test_a_birth_date_allows_ages"
    return Control("x", "says", test, Mutant("breaks", "service/mapping/dates.py", find, put))


WAYS = {
    # control of an artificial hazard: what becomes of its mutant
    "killed": control("0 if had_birthday else 1", "1 if had_birthday else 0"),
    "harmless": control("DECEMBER = 12", "DECEMBER = 24 // 2"),
    "does not load": control("DECEMBER = 12", "DECEMBER = = 12"),
    "breaks": control("DECEMBER = 12", "DECEMBER = 13"),
    "not there": control("NOVEMBER = 11", "NOVEMBER = 12"),
    "put back": control("0 if had_birthday else 1", "0 if had_birthday else 9"),
}


def test_only_what_a_test_notices_is_killed_and_each_mutant_is_taken_back() -> None:
    said = {name: says for name, says, _ in judged(WAYS)}
    assert said["killed"] == said["put back"] == KILLED
    assert said["harmless"] == "not run: pytest ended with 0"
    assert said["does not load"] == "not run: pytest ended with 4"
    assert said["not there"] == "the text to replace stands 0 times in service/mapping/dates.py"
    assert said["breaks"] != "alive"
