"""The same assessment is written as the same bytes, whatever the hash seed, the locale or the time zone."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from service.engine.assess import assess
from service.mapping.header import ResponseHeader, Run
from service.mapping.writing.results import write_results
from tests.mapping.writing.patients import RUN, Patient, book, entries, header, patient

SCRIPT = """
import hashlib
from service.mapping.writing.bundle import collection
from service.mapping.writing.json_bytes import dump
from tests.mapping.writing.patients import PATIENTS, entries
written = b"".join(dump(collection(entries(who))) for who in PATIENTS)
print(hashlib.sha256(written).hexdigest())
"""

SURROUNDINGS = [
    {"PYTHONHASHSEED": "0", "LC_ALL": "C", "TZ": "UTC"},
    {"PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8", "TZ": "Pacific/Kiritimati"},
    {"PYTHONHASHSEED": "4711", "LC_ALL": "C", "TZ": "America/Los_Angeles"},
]


def test_the_bytes_do_not_depend_on_hash_seed_locale_or_time_zone() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT], env={**os.environ, **one}, capture_output=True, text=True, check=True
        ).stdout
        for one in SURROUNDINGS
    }
    assert len(digests) == 1


def test_the_order_of_the_facts_changes_nothing() -> None:
    who = patient("within a day")
    backwards = dict(reversed(list(who.facts().items())))
    assessed = assess(book(), backwards, who.policy)
    assert write_results(book(), assessed, header(), RUN) == entries(who)


def names(who: Patient, head: ResponseHeader, run: Run = RUN) -> list[str]:
    return [one["fullUrl"] for one in entries(who, head, run)]


NEW_NAMES = [
    # what changes, comment
    ({"identity": "other"}, "another response"),
    ({"content_digest": "other"}, "an amended response"),
    ({"context_digest": "other"}, "another record"),
]


@pytest.mark.parametrize(("changes", "comment"), NEW_NAMES)
def test_whatever_went_in_changes_every_name(changes: dict[str, str], comment: str) -> None:
    who = patient("ambulance")
    assert not set(names(who, header())) & set(names(who, header(**changes))), comment


def test_policy_age_of_the_answers_and_tenant_change_every_name() -> None:
    who = patient("ambulance")
    plain = set(names(who, header()))
    for other in (replace(who, policy="reconciled"), replace(who, old=True)):
        assert not plain & set(names(other, header()))
    assert not plain & set(names(who, header(), replace(RUN, tenant="other")))


def test_another_rule_book_changes_every_name() -> None:
    who = patient("ambulance")
    other = write_results(replace(book(), digest="other"), who.assessment(), header(), RUN)
    assert not {one["fullUrl"] for one in other} & set(names(who, header()))


def test_the_moment_and_the_date_of_the_answers_change_no_name() -> None:
    who = patient("ambulance")
    later = replace(RUN, at=RUN.at.replace(year=2027), replay=True)
    assert names(who, header()) == names(who, header(authored="2026-04-30"), later)
