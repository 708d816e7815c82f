"""Every code of the project's own systems that a result or the form holds is in its code system, in the same words."""

from collections.abc import Iterator
from typing import Any

import pytest

from service.mapping.canonical import BASE
from service.usecases.profiles import resources
from tests.mapping.responses import BOOK, GENERATED
from tests.mapping.writing.patients import PATIENTS, entries

DISPLAYS = {
    (one["url"], concept["code"]): concept["display"]
    for one in resources(BOOK)
    if one["resourceType"] == "CodeSystem"
    for concept in one["concept"]  # type: ignore[attr-defined]
}
HOLDERS = {patient.says: entries(patient) for patient in PATIENTS} | {"the form": GENERATED}


@pytest.mark.parametrize("holder", HOLDERS.values(), ids=HOLDERS)
def test_each_coding_has_the_words_of_its_code_system(holder: Any) -> None:
    met = [one for one in _codings(holder) if one["system"].startswith(BASE)]
    assert met
    for coding in met:
        words = DISPLAYS[coding["system"], coding["code"]]
        assert coding.get("display", words) == words


def _codings(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if {"system", "code"} <= value.keys() and "value" not in value:
            yield value
        for part in value.values():
            yield from _codings(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _codings(part)
