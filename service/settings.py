"""The settings of the service, read once from the environment; not a place for clinical facts or for secrets."""

import ipaddress
import os
import re
from collections.abc import Callable
from dataclasses import Field, dataclass, field, fields
from datetime import date
from typing import TypeVar, cast

from environs import Env, EnvError, validate

PREFIX = "TRIAGE_"
LIMIT_PREFIX = "LIMIT_"
KIBIBYTE = 1024
MEBIBYTE = 1024 * KIBIBYTE

Value = TypeVar("Value")


class InvalidSettings(Exception):  # noqa: N818 - reads as what happened: the settings are invalid
    """Refuse to start, with every problem that was found; no problem quotes a value."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("The service does not start:\n" + "\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Kind:
    """Say what values a setting takes, in words and as a reader that raises EnvError for anything else."""

    words: str
    read: Callable[[Env, str], object]


@dataclass(frozen=True, slots=True)
class Row:
    """Describe one setting for the settings table: the variable, its type, its default as text, its meaning."""

    name: str
    type: str
    default: str
    meaning: str


def _whole_number(low: int, high: int) -> Kind:
    bounds = validate.Range(min=low, max=high)
    return Kind(f"a whole number from {low} to {high}", lambda env, name: env.int(name, validate=bounds))


def _one_of(*words: str) -> Kind:
    choice = validate.OneOf(words)
    return Kind("one of " + ", ".join(words), lambda env, name: env.str(name, validate=choice))


def _line(longest: int) -> Kind:
    printable = validate.Regexp(r"\S(?:[^\x00-\x1f\x7f]*\S)?\Z")
    length = validate.Length(max=longest)
    return Kind(
        f"one line of text, 1 to {longest} characters", lambda env, name: env.str(name, validate=[printable, length])
    )


def _addresses(shape: str, words: str) -> Kind:
    """Return a kind whose values are a tuple of addresses of one shape, without a blank or a trailing slash."""
    shaped = re.compile(shape)

    def read(env: Env, name: str) -> tuple[str, ...]:
        parts = tuple(part.strip() for part in env.str(name).split(","))
        if not all(shaped.fullmatch(part) for part in parts):
            raise EnvError(name)
        return parts

    return Kind(words, read)


def _address(shape: str, words: str) -> Kind:
    shaped = validate.Regexp(rf"(?:{shape})\Z")
    return Kind(words, lambda env, name: env.str(name, validate=shaped))


YES_OR_NO = Kind("true or false", lambda env, name: env.bool(name))
DAY = Kind("a date, as 2026-01-31", lambda env, name: env.date(name))


def _setting(default: Value, kind: Kind, meaning: str) -> Value:
    """Declare a field together with its row of the table, so that neither can drift from the other."""
    return field(default=default, metadata={"kind": kind, "meaning": meaning})


@dataclass(frozen=True, slots=True)
class Limits:
    """Bound what one request may hold; sizes are bytes of UTF-8 as received."""

    body_bytes: int = _setting(
        8 * MEBIBYTE, _whole_number(KIBIBYTE, 256 * MEBIBYTE), "The largest body of a request, in bytes."
    )
    entries: int = _setting(1000, _whole_number(1, 100_000), "The most entries in one Bundle.")
    response_depth: int = _setting(
        24, _whole_number(8, 100), "The deepest nesting in one QuestionnaireResponse, counted in JSON objects."
    )
    items: int = _setting(1000, _whole_number(1, 100_000), "The most items in one QuestionnaireResponse.")
    response_bytes: int = _setting(
        256 * KIBIBYTE, _whole_number(KIBIBYTE, 16 * MEBIBYTE), "The largest QuestionnaireResponse, in bytes."
    )
    string_bytes: int = _setting(64 * KIBIBYTE, _whole_number(256, MEBIBYTE), "The longest string, in bytes.")


@dataclass(frozen=True, slots=True)
class Settings:
    """Hold everything an operator can choose; ``Settings()`` is what an empty environment gives."""

    host: str = _setting("127.0.0.1", _line(255), "The address to listen on; loopback only, unless trusted_network.")
    port: int = _setting(8080, _whole_number(0, 65535), "The port to listen on; 0 takes a free one and logs it.")
    workers: int = _setting(2, _whole_number(1, 64), "How many processes answer requests.")
    threads: int = _setting(4, _whole_number(1, 64), "How many requests each process answers at once.")
    receive_seconds: int = _setting(
        20, _whole_number(1, 300), "How long to wait for the next piece of a body before answering 408."
    )
    trusted_network: bool = _setting(
        False,
        YES_OR_NO,
        "Allow an address other than loopback without TRIAGE_ISSUERS: whoever reaches the port can use it.",
    )
    issuers: str | None = _setting(
        None,
        _line(1024),
        "A JSON file of the issuers whose bearer tokens are asked for: issuer, audience, keys (a JWKS file or https "
        "address), and tenantClaim or tenant. Without it nobody is asked for a token.",
    )
    base_url: str | None = _setting(
        None,
        _address(
            r"https?://[A-Za-z0-9.:\[\]-]+(?:/[A-Za-z0-9._~-]+)*", "an http or https address without a slash behind"
        ),
        "The address of the FHIR base as clients see it, as https://triage.example.org/fhir; without it, what "
        "a request names as its host.",
    )
    cors_origins: tuple[str, ...] = _setting(
        (),
        _addresses(
            r"https?://[A-Za-z0-9.:\[\]-]+|\*", "origins, as https://app.example.org, with commas between; or *"
        ),
        "The web pages that may call the service from a browser.",
    )
    requests_per_minute: int = _setting(
        0,
        _whole_number(0, 1_000_000),
        "How many requests each address may send to each worker in a minute before it is answered 429; 0 for any.",
    )
    database: str = _setting(
        "sqlite:///triage.sqlite3",
        _address(r"sqlite:///\S+|postgresql://\S+", "sqlite:///file or postgresql://user:password@host/name"),
        "Where responses and results are stored; a file of SQLite is made and kept up to date by the service itself.",
    )
    audit_reads: bool = _setting(
        True,
        YES_OR_NO,
        "Whether each read and search leaves an AuditEvent; false only where what stands in front records them.",
    )
    policy: str = _setting(
        "strictest",
        _one_of("strictest", "reconciled"),
        "How the sources' levels are weighed. A policy of one source alone (source:...) is never live.",
    )
    policy_signed_by: str | None = _setting(
        None, _line(200), "Who signed off the policy; required for reconciled, and only together with the date."
    )
    policy_signed_on: date | None = _setting(  # noqa: RUF009 - gives a field, as every line of this table does
        None, DAY, "When the policy was signed off; required for reconciled, and only together with the name."
    )
    allow_request_policy: bool = _setting(
        False,
        YES_OR_NO,
        "Whether a request may name another policy.",
    )
    max_answer_age_hours: int = _setting(
        24, _whole_number(1, 168), "After how many hours answers count as old: preliminary, never self-care."
    )
    allow_replay_at: bool = _setting(
        True,
        YES_OR_NO,
        "Whether a request may set the moment with `at`; such a result is labelled as test data.",
    )
    emergency_number: str = _setting(
        "your local emergency number", _line(64), "What a plan tells the patient to call in an emergency."
    )
    log_level: str = _setting("info", _one_of("debug", "info", "warning", "error"), "The least level that is logged.")
    limits: Limits = field(default_factory=Limits)


def describe() -> tuple[Row, ...]:
    """Return the settings table, one row per environment variable, in the order of declaration."""
    return tuple(
        Row(name, _kind(declared).words, _as_text(declared.default), str(declared.metadata["meaning"]))
        for name, declared in _declared().items()
    )


def read_settings() -> Settings:
    """Read the settings from the ``TRIAGE_`` variables of the environment.

    Raises InvalidSettings with every problem at once: an unknown variable, a value that is not allowed, or values
    that do not go together. A problem names the variable, what was met by kind, and what is allowed.
    """
    declared = _declared()
    problems = [
        f"{name}: not a setting; allowed: {', '.join(declared)}."
        for name in sorted(os.environ)
        if name.startswith(PREFIX) and name not in declared
    ]
    values: dict[str, object] = {}
    env = Env()
    for name in sorted(declared.keys() & os.environ.keys()):
        try:
            values[name] = _kind(declared[name]).read(env, name)
        except EnvError:
            met = _kind_met(name, os.environ[name])
            problems.append(f"{name}: met {met}; allowed: {_kind(declared[name]).words}.")
    if problems:
        raise InvalidSettings(tuple(problems))
    settings = _build(values)
    check(settings)
    return settings


def check(settings: Settings) -> None:
    """Raise InvalidSettings where values that are allowed each by itself do not go together.

    Whoever changes settings after they were read, such as a command line option, calls this again.
    """
    problems = _unsigned(settings) + _exposed(settings) + _limits_out_of_order(settings.limits)
    if problems:
        raise InvalidSettings(problems)


def _declared() -> dict[str, Field[object]]:
    """Return every declared field by the name of its environment variable."""
    own = {PREFIX + each.name.upper(): each for each in fields(Settings) if each.metadata}
    limits = {PREFIX + LIMIT_PREFIX + each.name.upper(): each for each in fields(Limits)}
    return own | limits


def _build(values: dict[str, object]) -> Settings:
    """Put the values read into the dataclasses; each reader has proven the type of its value."""
    own: dict[str, object] = {}
    limits: dict[str, object] = {}
    for name, value in values.items():
        bare = name.removeprefix(PREFIX)
        group = limits if bare.startswith(LIMIT_PREFIX) else own
        group[bare.removeprefix(LIMIT_PREFIX).lower()] = value
    return Settings(**own, limits=Limits(**limits))  # type: ignore[arg-type]  # typed by the readers, see above


def _unsigned(settings: Settings) -> tuple[str, ...]:
    by, on = settings.policy_signed_by is not None, settings.policy_signed_on is not None
    if by == on and (by or settings.policy != "reconciled"):
        return ()
    return (
        "TRIAGE_POLICY_SIGNED_BY, TRIAGE_POLICY_SIGNED_ON: met half a sign-off or none; allowed: both together, and "
        "both are required for the policy reconciled.",
    )


def _exposed(settings: Settings) -> tuple[str, ...]:
    if settings.issuers or settings.trusted_network or _is_loopback(settings.host):
        return ()
    return (
        "TRIAGE_HOST: met an address that is not loopback; allowed: 127.0.0.1, ::1 or localhost, as nobody "
        "is asked for a token; name issuers in TRIAGE_ISSUERS, or set TRIAGE_TRUSTED_NETWORK to true only where "
        "everyone who can reach the port may use it.",
    )


def _limits_out_of_order(limits: Limits) -> tuple[str, ...]:
    if limits.string_bytes <= limits.response_bytes <= limits.body_bytes:
        return ()
    return (
        "TRIAGE_LIMIT_STRING_BYTES, TRIAGE_LIMIT_RESPONSE_BYTES, TRIAGE_LIMIT_BODY_BYTES: met a part that may be "
        "larger than the whole; allowed: string at most response, response at most body.",
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _kind(declared: Field[object]) -> Kind:
    return cast("Kind", declared.metadata["kind"])


def _as_text(default: object) -> str:
    """Write a default the way an operator would write it into the environment."""
    if default is None:
        return ""
    if isinstance(default, tuple):
        return ",".join(default)
    return str(default).lower() if isinstance(default, bool) else str(default)


def _kind_met(name: str, raw: str) -> str:
    """Name what was met by kind; the value itself is never repeated, as it may have been meant for elsewhere."""
    if name == PREFIX + "POLICY" and raw.startswith("source:"):
        return "the policy of one source alone, which is never live"
    if not raw.strip():
        return "an empty text"
    return "a whole number" if raw.strip().lstrip("+-").isdigit() else "a text"
