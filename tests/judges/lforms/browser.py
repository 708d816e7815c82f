"""LHC-Forms in a headless Chromium: shows a Questionnaire, takes answers by click and key, exports; it judges nothing.

The npm package is unpacked and never installed. The browser gets its files from that folder and reaches nothing else.
"""

import hashlib
import importlib.util
import mimetypes
import os
import shutil
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from service.knowledge.form import Item
from service.mapping.canonical import help_link, options_of
from tests.mapping.responses import ITEMS, Json, Said, as_bytes, coding

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Route

LFORMS = "lforms-40.1.3"
SHA256 = "288cff4360e8a90a44e994a01422d2cf970170000ce915b5739ccc383097edd9"
BUILD = Path(__file__).parents[3] / "build"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
ADDRESS = "http://form.invalid/"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>LHC-Forms</title>
<link rel="stylesheet" href="/webcomponent/styles.css"><body><div id="form"></div>
<script src="/webcomponent/assets/lib/zone.min.js"></script>
<script type="module" src="/webcomponent/runtime.js"></script>
<script type="module" src="/webcomponent/polyfills.js"></script>
<script type="module" src="/webcomponent/main.js"></script>
<script defer src="/fhir/R4/lformsFHIR.min.js"></script>"""
VISIBLE = """() => {
    const seen = start => Array.from(document.querySelectorAll(`#form [id^="${start}"]`))
        .filter(element => element.offsetParent !== null)
        .map(element => element.id.slice(start.length).split("/")[0]);
    return [seen("item-"), seen("help-button-")];
}"""
TICKED = """place => Array.from(document.querySelectorAll(`label[id^="${place}|"]`))
    .filter(label => label.querySelector("input").checked).map(label => label.id)"""
SECONDS_TO_SETTLE = 15.0


def missing_part() -> str:
    """Say why LHC-Forms cannot run here; empty where it can be tried."""
    if not os.environ.get("RUN_JUDGES"):
        return "NOT RUN: RUN_JUDGES is not set; `make judges` sets it"
    absent = [] if shutil.which("npm") else ["npm"]
    absent += [] if _chromium() else ["chromium"]
    absent += [] if importlib.util.find_spec("playwright") else ["Python package playwright"]
    return f"NOT RUN: there is no {', no '.join(absent)} here" if absent else ""


def _chromium() -> str:
    return next((found for name in CHROMIUM if (found := shutil.which(name))), "")


def package() -> Path:
    """Return the folder of LHC-Forms, fetched from npm once; raise SystemExit where it is not the one we know."""
    place = BUILD / LFORMS
    if not (place / "package" / "package.json").is_file():
        with tempfile.TemporaryDirectory() as folder:
            wanted = LFORMS.replace("-", "@")
            subprocess.run(["npm", "pack", "--silent", wanted], cwd=folder, check=True, stdout=subprocess.DEVNULL)
            archive = Path(folder) / f"{LFORMS}.tgz"
            met = hashlib.sha256(archive.read_bytes()).hexdigest()
            if met != SHA256:
                raise SystemExit(f"{wanted}: SHA-256 is {met}, not {SHA256}")
            with tarfile.open(archive) as packed:
                packed.extractall(place, filter="data")
    return place / "package" / "dist" / "lforms"


@dataclass(frozen=True, slots=True)
class ShownForm:
    """A page on which LHC-Forms shows one Questionnaire at a time; ``complaints`` are errors of its scripts."""

    page: "Page"
    complaints: list[str]

    def show(self, questionnaire: Json) -> None:
        """Show a Questionnaire anew, with nothing answered."""
        self.page.evaluate("document.getElementById('form').replaceChildren()")
        add = "text => LForms.Util.addFormToPage(JSON.parse(text), 'form', {fhirVersion: 'R4'})"
        self.page.evaluate(add, as_bytes(questionnaire).decode())
        self.page.wait_for_selector("#form lhc-item")

    def visible(self) -> frozenset[str]:
        """Name the linkIds of groups, questions and help texts that a person could see, or open with a click."""
        items, helps = self.page.evaluate(VISIBLE)
        return frozenset(items) | {help_link(link_id) for link_id in helps}

    def visible_once_settled(self, expected: frozenset[str]) -> frozenset[str]:
        """Name what is visible as soon as it is what is expected, or else after a few seconds."""
        deadline = time.monotonic() + SECONDS_TO_SETTLE
        while (met := self.visible()) != expected and time.monotonic() < deadline:
            self.page.wait_for_timeout(10)
        return met

    def give(self, link_id: str, said: Said) -> None:
        """Answer a question by click and key; what was answered before is changed."""
        item, place = ITEMS[link_id], f"{link_id}/1/1"
        match item.kind:
            case "boolean":
                word = "null" if said is None else str(said).lower()
                self._at(f"{place}|{word}").click()
            case "checklist" | "choices":
                self._tick(item, place, said)
            case "choice" | "yes-no-not-sure":
                self._choose(place, [code for _, code in options_of(item)].index(str(said)))
            case "quantity":
                assert isinstance(said, tuple)
                self._type(place, f"{said[0]:f}")
                self._choose(f"unit_{place}", [unit.code for unit in item.units].index(said[1]))
            case _:
                self._type(place, str(said))

    def exported(self) -> bytes:
        """Return the QuestionnaireResponse that LHC-Forms makes of the answers, as it would send it."""
        data = "JSON.stringify(LForms.Util.getFormFHIRData('QuestionnaireResponse', 'R4'))"
        text: str = self.page.evaluate(data)
        return text.encode()

    def _at(self, place: str) -> "Locator":
        return self.page.locator(f'[id="{place}"]')

    def _type(self, place: str, text: str) -> None:
        self._at(place).fill(text)
        self._at(place).blur()

    def _tick(self, item: Item, place: str, said: Said) -> None:
        assert isinstance(said, list)
        wanted = {(one["system"], one["code"]) for one in (coding(item, code) for code in said)}
        ticked = self.page.evaluate(TICKED, place)
        for option in options_of(item):
            box = "|".join((place, *option))
            if (box in ticked) != (option in wanted):
                self._at(box).click()

    def _choose(self, place: str, option: int) -> None:
        field = self._at(place)
        field.click()
        self.page.locator("#completionOptions li").nth(option).click()
        field.blur()


@contextmanager
def lforms() -> Iterator[ShownForm]:
    """Open LHC-Forms in a browser of its own with an empty profile, and close it afterwards."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - where it is missing, the suite says NOT RUN

    folder = package()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=_chromium(), headless=True, args=FLAGS)
        page = browser.new_page(viewport={"width": 1000, "height": 900})
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.route("**/*", lambda route: _serve(folder, route))
        page.goto(ADDRESS)
        page.wait_for_function("window.LForms?.FHIR?.R4 !== undefined")
        yield ShownForm(page, complaints)
        browser.close()


def _serve(folder: Path, route: "Route") -> None:
    """Answer with a file of the package, or with the page; whatever else is asked for gets no answer."""
    asked = route.request.url
    file = folder / asked.removeprefix(ADDRESS)
    if asked == ADDRESS:
        route.fulfill(body=PAGE, content_type="text/html")
    elif asked.startswith(ADDRESS) and file.is_file():
        route.fulfill(path=file, content_type=mimetypes.guess_type(file.name)[0])
    else:
        route.abort()
