"""What an operator may set, what is refused at the start, and what the refusal says."""

import os
from dataclasses import fields, replace
from datetime import date

import pytest

from service.settings import InvalidSettings, Limits, Row, Settings, check, describe, read_settings


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("TRIAGE_"):
            monkeypatch.delenv(name)


def read(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Settings:
    for name, value in variables.items():
        monkeypatch.setenv(f"TRIAGE_{name}", value)
    return read_settings()


def problems(monkeypatch: pytest.MonkeyPatch, **variables: str) -> tuple[str, ...]:
    with pytest.raises(InvalidSettings) as refusal:
        read(monkeypatch, **variables)
    return refusal.value.problems


def test_an_empty_environment_gives_the_defaults() -> None:
    assert read_settings() == Settings()


def test_the_defaults_are_the_safe_ones() -> None:
    settings = Settings()
    assert (settings.host, settings.trusted_network) == ("127.0.0.1", False)
    assert (settings.policy, settings.allow_request_policy) == ("strictest", False)
    assert settings.max_answer_age_hours == 24
    assert not any(character.isdigit() for character in settings.emergency_number)


def test_the_limits_are_those_of_the_contract() -> None:
    assert Limits() == Limits(
        body_bytes=8 * 1024 * 1024,
        entries=1000,
        response_depth=24,
        items=1000,
        response_bytes=256 * 1024,
        string_bytes=64 * 1024,
    )


# fmt: off
READ_AS = [
    # variable               text           field, value                            comment
    ("PORT",                 "9090",        ("port", 9090),                         "a whole number"),
    ("PORT",                 "0",           ("port", 0),                            "lower bound"),
    ("PORT",                 "65535",       ("port", 65535),                        "upper bound"),
    ("TRUSTED_NETWORK",      "true",        ("trusted_network", True),              "a yes"),
    ("ALLOW_REPLAY_AT",      "false",       ("allow_replay_at", False),             "a no"),
    ("LOG_LEVEL",            "debug",       ("log_level", "debug"),                 "one of several words"),
    ("EMERGENCY_NUMBER",     "112",         ("emergency_number", "112"),            "one line of text"),
    ("HOST",                 "::1",         ("host", "::1"),                        "loopback, IPv6"),
    ("HOST",                 "127.8.8.8",   ("host", "127.8.8.8"),                  "loopback is a whole block"),
    ("HOST",                 "localhost",   ("host", "localhost"),                  "loopback by name"),
    ("MAX_ANSWER_AGE_HOURS", "168",         ("max_answer_age_hours", 168),          "upper bound: a week"),
    ("LIMIT_ENTRIES",        "1",           ("limits", Limits(entries=1)),          "limits have their own prefix"),
]

REFUSED = [
    # variable               text           what the text must say                  comment
    ("PROT",                 "9090",        ("not a setting", "TRIAGE_PORT"),       "misspelt: known ones are named"),
    ("port",                 "9090",        ("not a setting", "TRIAGE_PORT"),       "variables are case sensitive"),
    ("LIMIT_",               "1",           ("not a setting",),                     "only the prefix"),
    ("PORT",                 "65536",       ("a whole number", "0 to 65535"),       "above the range"),
    ("PORT",                 "-1",          ("a whole number", "0 to 65535"),       "below the range"),
    ("PORT",                 "http",        ("met a text", "0 to 65535"),           "not a number"),
    ("PORT",                 "",            ("an empty text", "0 to 65535"),        "set, but empty"),
    ("WORKERS",              "0",           ("1 to 64",),                           "no worker would answer"),
    ("MAX_ANSWER_AGE_HOURS", "169",         ("1 to 168",),                          "old answers must count as old"),
    ("TRUSTED_NETWORK",      "perhaps",     ("met a text", "true or false"),        "neither yes nor no"),
    ("POLICY",               "lenient",     ("strictest, reconciled",),             "unknown policy"),
    ("POLICY",               "source:GM",   ("never live", "strictest"),            "one source is for comparison"),
    ("POLICY",               "reconciled",  ("POLICY_SIGNED_BY", "required"),       "reconciled without a sign-off"),
    ("POLICY_SIGNED_BY",     "A. Clinician", ("half a sign-off",),                  "a name without a date"),
    ("POLICY_SIGNED_ON",     "2026-01-31",  ("half a sign-off",),                   "a date without a name"),
    ("POLICY_SIGNED_ON",     "2026-02-30",  ("met a text", "a date"),               "a day that does not exist"),
    ("HOST",   "0.0.0.0",    ("not loopback", "TRIAGE_ISSUERS"),  "every interface"),  # noqa: S104 - the case tested
    ("HOST",                 "192.0.2.7",   ("TRIAGE_TRUSTED_NETWORK",),            "an address of a network"),
    ("HOST",                 "example.org", ("not loopback",),                      "a name that is not localhost"),
    ("EMERGENCY_NUMBER",     "112\nPS",     ("one line of text",),                  "two lines"),
    ("EMERGENCY_NUMBER",     " ",           ("an empty text",),                     "nothing to call"),
    ("LIMIT_BODY_BYTES",     "2048",        ("larger than the whole",),             "smaller than one response may be"),
    ("LIMIT_RESPONSE_DEPTH", "101",         ("8 to 100",),                          "deeper than the stack allows"),
]
# fmt: on


@pytest.mark.parametrize(("variable", "text", "expected", "comment"), READ_AS)
def test_a_value_in_range_is_read(
    monkeypatch: pytest.MonkeyPatch, variable: str, text: str, expected: tuple[str, object], comment: str
) -> None:
    field, value = expected
    assert getattr(read(monkeypatch, **{variable: text}), field) == value, comment


@pytest.mark.parametrize(("variable", "text", "said", "comment"), REFUSED)
def test_a_value_that_is_not_allowed_refuses_to_start(
    monkeypatch: pytest.MonkeyPatch, variable: str, text: str, said: tuple[str, ...], comment: str
) -> None:
    (problem,) = problems(monkeypatch, **{variable: text})
    assert f"TRIAGE_{variable}" in problem, comment
    assert all(part in problem for part in said), comment


def test_every_problem_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(problems(monkeypatch, PORT="x", WORKERS="0", PROT="1")) == 3


def test_a_refusal_never_repeats_a_value(monkeypatch: pytest.MonkeyPatch) -> None:
    said = "".join(problems(monkeypatch, PORT="canary-7f3", UNKNOWN="canary-7f3", POLICY="source:canary-7f3"))
    assert "canary" not in said


def test_reconciled_starts_once_it_is_signed_off(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, POLICY="reconciled", POLICY_SIGNED_BY="Clinical lead", POLICY_SIGNED_ON="2026-01-31")
    assert (settings.policy_signed_by, settings.policy_signed_on) == ("Clinical lead", date(2026, 1, 31))


def test_a_trusted_network_allows_an_address_that_is_not_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, HOST="0.0.0.0", TRUSTED_NETWORK="true").host == "0.0.0.0"  # noqa: S104 - the case tested


def test_settings_changed_after_reading_are_checked_again() -> None:
    with pytest.raises(InvalidSettings, match="not loopback"):
        check(replace(Settings(), host="192.0.2.7"))


def test_the_table_names_every_setting_once_with_its_default() -> None:
    rows = {row.name: row for row in describe()}
    declared = {f"TRIAGE_{each.name.upper()}" for each in fields(Settings)} - {"TRIAGE_LIMITS"}
    declared |= {f"TRIAGE_LIMIT_{each.name.upper()}" for each in fields(Limits)}
    assert rows.keys() == declared
    assert rows["TRIAGE_LIMIT_BODY_BYTES"].default == "8388608"
    assert rows["TRIAGE_TRUSTED_NETWORK"].default == "false"
    assert all(row.type and row.meaning.endswith(".") for row in rows.values())


@pytest.mark.parametrize("row", [row for row in describe() if row.default], ids=lambda row: row.name)
def test_the_default_of_the_table_is_itself_allowed_in_the_environment(
    monkeypatch: pytest.MonkeyPatch, row: Row
) -> None:
    assert read(monkeypatch, **{row.name.removeprefix("TRIAGE_"): row.default}) == Settings()


# fmt: off
ADDRESSES = [
    # variable        value                                       read as                                        comment
    ("BASE_URL",   "https://triage.example.org:8443/r4/fhir",    "https://triage.example.org:8443/r4/fhir",    "whole"),
    ("BASE_URL",      "https://triage.example.org/fhir/",           None,                        "a slash behind it"),
    ("BASE_URL",      "https://a.example, https://b.example",       None,                        "two"),
    ("BASE_URL",      "triage.example.org/fhir",                    None,                        "no scheme"),
    ("CORS_ORIGINS", "https://a.example, http://b.example:8080", ("https://a.example", "http://b.example:8080"), "two"),
    ("CORS_ORIGINS",  "*",                                          ("*",),                      "any"),
    ("CORS_ORIGINS",  "https://a.example/",                       None,                        "an origin has no path"),
    ("CORS_ORIGINS",  "",                                           None,                        "nothing"),
]
# fmt: on


@pytest.mark.parametrize(("name", "value", "expected", "comment"), ADDRESSES)
def test_an_address_is_read_whole_or_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: object, comment: str
) -> None:
    if expected is None:
        assert len(problems(monkeypatch, **{name: value})) == 1, comment
    else:
        assert getattr(read(monkeypatch, **{name: value}), name.lower()) == expected, comment
