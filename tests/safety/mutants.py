"""Breaks each control of the hazard log once in a copy of the service, and demands that its test fails by assertion.

    python -m tests.safety.mutants                 # all
    python -m tests.safety.mutants --only stale-answers.future-is-noticed
    python -m tests.safety.mutants --share 2/7     # every seventh, beginning with the second

The copy is certified as if it had been proven: the test of a control must notice, not the certificate.
Ends with 1 where a mutant lives, fails in another way than by assertion, or a test fails without any mutant.
"""

import argparse
import importlib
import json
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import fhir.resources.R4B.questionnaireresponse  # noqa: F401 - what the tests load is loaded once, here
import flask  # noqa: F401
import hypothesis.strategies  # noqa: F401
import jinja2  # noqa: F401
import pytest

from service.knowledge.certificate import engine_digest, read_certificate, written_certificate
from service.knowledge.files import BookFiles
from service.knowledge.safety import Control, controls_of, read_safety_file
from tests.safety.outcomes import OUTCOMES

ROOT = Path(__file__).parents[2]
COPIED = ("service", "tests")
LINKED = ("fhir_profiles", "docs", "pyproject.toml", "README.md")
SECONDS = 300
SECONDS_FOR_ALL = 1800
KILLED = "killed"
BELOW = ("service.knowledge", "tests.real_book")
"""What a mutant above the layer of knowledge leaves as it is; the rule book is read once for all of them."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run of pytest ended: its exit code, and of each test every way in which its cases ended."""

    exit_code: int
    ended: dict[str, set[str]]
    printed: str

    def of(self, test: str) -> set[str]:
        return self.ended.get(test, set())


def controls() -> dict[str, Control]:
    return {name: control for name, _, control in controls_of(read_safety_file(ROOT / "fhir_profiles/safety"))}


def copy_of_the_service(folder: Path) -> Path:
    """Copy what a mutant may change or a test may find by its own place, and link the rest."""
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in LINKED:
        if (ROOT / name).exists():
            (folder / name).symlink_to(ROOT / name)
    certify(folder)
    return folder


def read_the_book_once(folder: Path) -> None:
    """Let this process hold the knowledge of the copy, for its children; from then on it imports from there."""
    _import_from(folder, kept=())
    importlib.import_module("tests.real_book").proven_book()


def certify(folder: Path) -> None:
    """Write a certificate that fits the copy as it is now, without a proof."""
    knowledge = folder / "service/knowledge"
    digests = {
        "rule_book": BookFiles(knowledge / "book").digest(),
        "engine": engine_digest(folder / "service"),
    }
    certificate = written_certificate(replace(read_certificate(), **digests))
    (knowledge / "certificate.json").write_text(certificate, "utf-8")


def _import_from(folder: Path, *, kept: Sequence[str]) -> None:
    """Forget our own modules but those kept, and let the copy be first in the path."""
    for name in [one for one in sys.modules if one.partition(".")[0] in COPIED]:
        if not any(name == one or name.startswith(f"{one}.") for one in kept):
            del sys.modules[name]
    sys.path[:] = [str(folder), *(one for one in sys.path if one not in ("", str(ROOT), str(folder)))]


def run(folder: Path, arguments: Sequence[str], seconds: int = SECONDS, mutated: str = "") -> Outcome:
    """Run tests of the copy in a child of this process, which has libraries and, where it is sound, the rule book."""
    report, printed = folder / "outcomes.jsonl", folder / "printed.txt"
    report.write_text("", "utf-8")
    child = multiprocessing.get_context("fork").Process(
        target=_pytest_in, args=(folder, arguments, report, printed, mutated)
    )
    child.start()
    child.join(seconds)
    if child.is_alive():
        child.kill()
        child.join()
        return Outcome(-1, {}, f"no end after {seconds} s")
    found: dict[str, set[str]] = {}
    for line in report.read_text("utf-8").splitlines():
        row = json.loads(line)
        found.setdefault(row["test"], set()).add(row["outcome"])
    return Outcome(child.exitcode or 0, found, printed.read_text("utf-8"))


def _pytest_in(folder: Path, arguments: Sequence[str], report: Path, printed: Path, mutated: str) -> None:
    """Import what the mutant may have changed anew: all that stands in or above the layer of its file."""
    is_of_the_copy = str(getattr(sys.modules.get("service.knowledge"), "__file__", "")).startswith(str(folder))
    _import_from(folder, kept=BELOW if is_of_the_copy and not mutated.startswith("service/knowledge") else ())
    os.chdir(folder)
    for name in [one for one in os.environ if one.startswith(("TRIAGE_", "PYTEST_"))]:
        del os.environ[name]
    os.environ |= {OUTCOMES: str(report), "PYTHONPATH": str(folder), "RANDOM_CASES": "300"}
    with printed.open("w", encoding="utf-8") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    loaded_before = ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    plugins = ["-p", "tests.safety.outcomes", "-p", "no:cacheprovider"]
    sys.exit(pytest.main([*plugins, *loaded_before, "--tb=line", *arguments]))


def verdict_without_mutant(outcome: Outcome, test: str) -> str:
    """Say what is wrong with a test before anything was broken; empty where it passes."""
    ended = outcome.of(test)
    return "" if ended == {"passed"} else f"without a mutant: {', '.join(sorted(ended)) or 'not run'}"


def verdict(outcome: Outcome, test: str) -> str:
    """Say what became of a mutant: killed where a case of its test failed by assertion and none was broken."""
    ended = outcome.of(test)
    broken = sorted(one for one in ended if one.startswith("broken"))
    if outcome.exit_code == -1:
        return outcome.printed
    if outcome.exit_code != 1 or not ended:
        return f"not run: pytest ended with {outcome.exit_code}"
    if broken:
        return f"failed, but not by assertion: {broken[0]}"
    return KILLED if "asserted" in ended else "alive"


def broken_once(folder: Path, control: Control, moment: int) -> Outcome:
    """Put the mutant in place, run its test, and put the file back.

    Each writing gets a time of its own: Python takes compiled code for current by the second and the size alone.
    """
    mutant = control.mutant
    path = folder / mutant.file
    sound = path.read_text("utf-8")
    if sound.count(mutant.find) != 1:
        return Outcome(-1, {}, f"the text to replace stands {sound.count(mutant.find)} times in {mutant.file}")
    try:
        _write(path, sound.replace(mutant.find, mutant.put), moment)
        certify(folder)
        return run(folder, ["--maxfail=1", control.test], mutated=mutant.file)
    finally:
        _write(path, sound, moment + 1)
        certify(folder)


def _write(path: Path, text: str, moment: int) -> None:
    path.write_text(text, "utf-8")
    os.utime(path, (moment, moment))


def judged(chosen: dict[str, Control], *, alone: bool = False) -> Iterator[tuple[str, str, float]]:
    """Yield the name of each control, what became of its mutant, and the seconds it took.

    ``alone`` says that this process does nothing else, so that it may import from the copy.
    """
    with tempfile.TemporaryDirectory(prefix="mutants-") as name:
        folder = copy_of_the_service(Path(name))
        if alone:
            read_the_book_once(folder)
        sound = run(folder, sorted({one.test for one in chosen.values()}), SECONDS_FOR_ALL)
        start = int(time.time()) - 10_000_000
        for index, (control_name, control) in enumerate(chosen.items()):
            began = time.monotonic()
            wrong = verdict_without_mutant(sound, control.test)
            says = wrong or verdict(broken_once(folder, control, start + 2 * index), control.test)
            yield control_name, says, time.monotonic() - began


def share_of(names: Sequence[str], share: str) -> list[str]:
    """Choose every n-th name, beginning with the k-th, for a share written k/n."""
    k, _, n = share.partition("/")
    return [name for index, name in enumerate(names) if index % int(n) == (int(k) - 1) % int(n)]


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Breaks each control of the hazard log and demands that it is noticed."
    )
    parser.add_argument("--only", action="append", metavar="HAZARD[.CONTROL]", help="a hazard or a control; repeatable")
    parser.add_argument("--share", default="1/1", metavar="K/N", help="every N-th control, beginning with the K-th")
    arguments = parser.parse_args()
    every = controls()
    wanted = [one for one in every if not arguments.only or {one, one.partition(".")[0]} & set(arguments.only)]
    chosen = {name: every[name] for name in share_of(wanted, arguments.share)}
    began, alive = time.monotonic(), 0
    for name, says, seconds in judged(chosen, alone=True):
        alive += says != KILLED
        control = chosen[name]
        print(f"{says:8} {seconds:5.1f} s  {name}  {control.test}  ({control.mutant.breaks})", flush=True)
    print(f"{len(chosen)} mutants, {len(chosen) - alive} killed, {time.monotonic() - began:.0f} s")
    return 1 if alive or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
