"""Reads the sample cases of fhir_profiles/examples: what is sent, when, and what must come back; it judges nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[1] / "fhir_profiles" / "examples"
POLICIES = ("strictest", "reconciled")
BODIES = ("body.json", "body.txt")
"""A body that is not JSON stands in body.txt, so that no tool tries to read it."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One issue that must be there. A part that a case leaves out is not compared."""

    code: str | None = None
    at: str | None = None
    link_id: str | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """What the answer to one response must say under one policy.

    ``warnings`` and ``from_record`` are all that may be there, the other lists what must be. ``begins`` and ``says``
    speak of the words of the level.
    """

    level: str
    ceiling: str
    risk_status: str
    scope: str
    policy: str
    fired: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    suggested: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    from_record: tuple[str, ...] = ()
    causes: Mapping[str, str] | None = None
    warnings: tuple[Notice, ...] = ()
    begins: str = ""
    says: str = ""
    no_causes: bool = False
    test_data: bool = False
    subject: str = "known"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What must be said of a body that cannot be triaged, or of one response in a Bundle; there ``status`` is 0."""

    issues: tuple[Notice, ...]
    status: int = 0


@dataclass(frozen=True, slots=True)
class Example:
    """One folder: the body as it is sent, and per policy what each response in it must get."""

    name: str
    title: str
    story: str
    at: datetime
    http: bool
    body: bytes
    is_json: bool
    expected: Mapping[str, tuple[Expected | Refusal, ...]]

    @property
    def refusal(self) -> Refusal | None:
        """The refusal of the whole request, where nothing in it can be triaged."""
        first = self.expected[POLICIES[0]][0]
        return first if isinstance(first, Refusal) and first.status else None

    @property
    def folder(self) -> Path:
        """The folder the case stands in."""
        return FOLDER / self.name


def read_examples() -> tuple[Example, ...]:
    """Read every case, in the order of their names; raise ValueError for one that is not clear."""
    return tuple(_read(folder) for folder in sorted(FOLDER.iterdir()) if folder.is_dir())


def _read(folder: Path) -> Example:
    written = yaml.safe_load((folder / "case.yaml").read_text(encoding="utf-8"))
    _only(written, {"title", "story", "derivation", "at", "http", "expect"}, folder.name)
    (body,) = (folder / name for name in BODIES if (folder / name).exists())
    responses = _responses(written["expect"])
    return Example(
        name=folder.name,
        title=written["title"],
        story=written["story"].strip(),
        at=written["at"],
        http=written.get("http", False),
        body=body.read_bytes(),
        is_json=body.suffix == ".json",
        expected={
            policy: tuple(_expected(one, policy, f"{folder.name}[{index}]") for index, one in enumerate(responses))
            for policy in POLICIES
        },
    )


def _responses(expect: dict[str, Any]) -> list[dict[str, Any]]:
    """List what is expected of each response; a case of a single one writes it without a list."""
    listed: list[dict[str, Any]] = expect.get("responses", [expect])
    return listed


def _expected(written: dict[str, Any], policy: str, place: str) -> Expected | Refusal:
    """Join what holds under both policies with what holds under one; a plain value may stand in one of them only."""
    if "refused" in written:
        refused = written["refused"]
        return Refusal(tuple(_notices(refused["issues"], place)), refused.get("status", 0))
    _only(written, {"both", *POLICIES}, place)
    joined: dict[str, Any] = {"policy": policy}
    for key, value in [*written["both"].items(), *written[policy].items()]:
        name = key.replace("-", "_")
        if isinstance(value, list):
            joined[name] = (*joined.get(name, ()), *value)
        elif isinstance(value, dict):
            joined[name] = {**joined.get(name, {}), **value}
        elif name in joined and name != "policy":
            raise ValueError(f"{place}: {key} stands under both policies and under {policy}")
        else:
            joined[name] = value
    _only(joined, {field.name for field in fields(Expected)}, place)
    return Expected(**{**joined, "warnings": tuple(_notices(joined.get("warnings", ()), place))})


def _notices(written: Any, place: str) -> Iterator[Notice]:
    for one in written:
        _only(one, {"code", "at", "link-id"}, place)
        yield Notice(one.get("code"), one.get("at"), one.get("link-id"))


def _only(written: Mapping[str, Any], allowed: set[str], place: str) -> None:
    """A misspelt expectation would be an expectation that cannot fail."""
    unknown = sorted(set(written) - allowed)
    if unknown:
        raise ValueError(f"{place}: unknown key '{unknown[0]}'; allowed are {', '.join(sorted(allowed))}")
