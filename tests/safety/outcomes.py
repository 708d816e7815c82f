"""A pytest plugin that writes down how each test ended and by what kind of failure: `-p tests.safety.outcomes`.

A test that fails because a module does not load or a fixture breaks has proven nothing; only its own assertion has.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

OUTCOMES = "SAFETY_OUTCOMES"
"""The environment variable that names the file to write to, one JSON object per line."""
ASSERTED = (AssertionError, pytest.fail.Exception)


def is_assertion(error: BaseException) -> bool:
    """Tell whether a test failed by its own word; of several failures at once, all must be of this kind."""
    if isinstance(error, BaseExceptionGroup):
        return all(map(is_assertion, error.exceptions))
    return isinstance(error, ASSERTED)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    outcome = report.outcome
    if call.excinfo is not None and outcome == "failed":
        asserted = call.when == "call" and is_assertion(call.excinfo.value)
        outcome = "asserted" if asserted else f"broken: {call.excinfo.typename} in {call.when}"
    if call.when == "call" or outcome.startswith("broken") or outcome == "skipped":
        with Path(os.environ[OUTCOMES]).open("a", encoding="utf-8") as written:
            written.write(json.dumps({"test": item.nodeid.partition("[")[0], "outcome": outcome}) + "\n")
    return report
