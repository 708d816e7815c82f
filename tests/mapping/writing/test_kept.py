"""What is kept changes no byte: whoever was written before, a result is what it would be if written alone."""

import os
import sys
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from service.engine.facts import Fact
from service.mapping.writing import kept as kept_module
from service.mapping.writing.json_bytes import dump
from service.mapping.writing.kept import Kept, Parts, value_and_origin
from service.mapping.writing.results import Writing, write_results
from service.mapping.writing.xhtml import escaped
from service.settings import Settings
from service.usecases.triage import Triage
from tests.mapping.mutations import as_an_ehr_sends_it
from tests.mapping.responses import BOOK, as_bytes, filled
from tests.mapping.writing.patients import MUSCLE, PATIENTS, RUN, Patient, book, header, patient

CASES = max(200, int(os.environ.get("RANDOM_CASES", "0")) // 20)


def test_a_result_is_the_same_bytes_whoever_was_written_before_under_whatever_policy() -> None:
    kept = Kept()
    for who in [*PATIENTS, *reversed(PATIENTS)]:
        for policy in ("strictest", "reconciled"):
            for run in (RUN, replace(RUN, emergency_number="112")):
                assessment = replace(who, policy=policy).assessment()
                alone = write_results(book(), assessment, header(), run)
                assert dump(write_results(book(), assessment, header(), run, Writing(kept))) == dump(alone)


ANSWERED = Patient("what the record says of others, and not of this one", (*MUSCLE, "rash", "hx-liver"),
                   chosen={"tried": frozenset({"nsaid", "heat"})})  # fmt: skip
NEXT: list[tuple[Patient | str, str, str]] = [
    # patient, policy, emergency number: one after the other, each told other things by the same rules
    ("within a day", "strictest", "999"),
    (ANSWERED, "strictest", "999"),
    ("within a day", "reconciled", "999"),
    ("within a day", "strictest", "112"),
    ("open: nobody asked about breath", "strictest", "999"),
    ("open: nobody asked how bad", "strictest", "999"),
    ("contradiction", "strictest", "999"),
    ("within a day", "strictest", "999"),
]


def test_what_one_patient_was_told_never_stands_in_the_results_of_the_next() -> None:
    kept = Kept()
    for one, policy, number in NEXT:
        who = one if isinstance(one, Patient) else patient(one)
        assessment = replace(who, policy=policy).assessment()
        run = replace(RUN, emergency_number=number)
        alone = write_results(book(), assessment, header(), run)
        assert dump(write_results(book(), assessment, header(), run, Writing(kept))) == dump(alone)


def test_random_responses_are_answered_with_the_same_bytes() -> None:
    random = Random(7)  # noqa: S311 - a seed, so that a failure can be seen again
    keeping, alone = Triage(BOOK, Settings(), kept=Kept()), Triage(BOOK, Settings())
    for _ in range(CASES):
        body = _at_one_moment(as_an_ehr_sends_it(random))
        assert dump(keeping(body).resource) == dump(alone(body).resource)
    sys.stdout.write(f"{CASES} responses written twice\n")


def test_nothing_that_a_response_says_in_its_own_words_is_kept() -> None:
    escaped_and_kept: list[str] = []
    parts = Parts(escape=lambda text: escaped_and_kept.append(text) or escaped(text))  # type: ignore[func-returns-value]  # to see each text
    kept = Kept({(Settings().policy, Settings().emergency_number): parts})
    said = {"note": "CANARY-note", "identifier": {"system": "urn:canary", "value": "CANARY-id"}}
    content = {
        **filled(note=said["note"]),
        "identifier": said["identifier"],
        "subject": {"reference": "Patient/CANARY-p"},
    }
    answer = dump(Triage(BOOK, Settings(), kept=kept)(as_bytes(content)).resource)
    assert b"CANARY-note" in answer
    assert b"CANARY-p" in answer
    pairs = [*parts.written.items(), *parts.inputs.items()]
    written = b"".join(_text(part) for pair in pairs for part in pair) + "".join(escaped_and_kept).encode()
    assert b"canary" not in written.lower()
    assert len(parts.written) > 30
    assert len(parts.inputs) > 100
    assert len(escaped_and_kept) > 10


def test_no_reference_into_the_record_is_kept() -> None:
    kept = Kept()
    who = replace(patient("within a day"), record={"hx-liver": "Condition/CANARY"})
    assert b"CANARY" in dump(write_results(book(), who.assessment(), header(), RUN, Writing(kept)))
    parts = kept.parts(who.policy, RUN.emergency_number)
    assert len(parts.inputs) > 100
    assert b"CANARY" not in b"".join(
        _text(one) for pair in (*parts.written.items(), *parts.inputs.items()) for one in pair
    )


def test_a_number_is_written_with_its_own_digits_whatever_equal_number_was_written_before() -> None:
    kept = Kept()
    for temperature in ("38.50", "38.5", "39", "38.50"):
        assessment = replace(patient("fever measured"), measures={"temperature": temperature}).assessment()
        written = dump(write_results(book(), assessment, header(), RUN, Writing(kept)))
        assert written == dump(write_results(book(), assessment, header(), RUN))
        assert f'"value":{temperature},'.encode() in written


def test_a_full_store_of_parts_is_emptied_and_the_result_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_module, "MOST", 5)
    kept = Kept()
    assessment = PATIENTS[0].assessment()
    for _ in range(2):
        assert dump(write_results(book(), assessment, header(), RUN, Writing(kept))) == dump(
            write_results(book(), assessment, header(), RUN)
        )
    parts = kept.parts(assessment.policy, RUN.emergency_number)
    assert len(parts.written) <= 5
    assert len(parts.inputs) <= 5


def test_a_part_is_written_once_for_each_key() -> None:
    parts, written = Parts(), list[str]()

    def write() -> str:
        written.append("part")
        return f"part {len(written)}"

    assert [parts.of(key, write) for key in ("a", "a", "b", "a")] == ["part 1", "part 1", "part 2", "part 1"]


def test_texts_that_were_escaped_are_forgotten_when_there_are_too_many() -> None:
    parts = Parts()
    assert (parts.escape("a < b"), parts.escape("a < b")) == (escaped("a < b"), "a &lt; b")
    assert parts.escape.cache_info().maxsize == kept_module.MOST  # type: ignore[attr-defined]  # it is an lru_cache


def test_equal_numbers_with_other_digits_are_kept_apart() -> None:
    assert value_and_origin(Fact(Decimal("38.0"), "response")) != value_and_origin(Fact(Decimal("38.00"), "response"))
    assert value_and_origin(None) is None


def _at_one_moment(content: dict[str, object]) -> bytes:
    at = {"name": "at", "valueDateTime": "2026-11-21T12:00:00Z"}
    return as_bytes({"resourceType": "Parameters", "parameter": [{"name": "response", "resource": content}, at]})


def _text(part: object) -> bytes:
    return repr(part).encode()
