"""Responses as EHRs send them, and what random damage makes of them; the same seed makes the same bodies."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from decimal import Decimal
from random import Random
from typing import Any

from tests.mapping.responses import FORM, Json, answer_of, coding, filled, with_answers

LEAVES: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        1,
        -1,
        2**31,
        10**20,
        Decimal("1.0"),
        Decimal("38.50"),
        "",
        " ",
        "a",
        "a b",
        "a  b",
        "\n",
        "\x07",
    ),
    *("true", "2026-02-30", "2026-11-21T10:00:00Z", "javascript:alert(1)", "http://unitsofmeasure.org", "yes", "no"),
    *("completed", "none-of-these", "not-sure", "urn:uuid:6ba7b810-9dad-41d1-80b4-00c04fd430c8", [], {}, [[]], [None]),
    *({"id": "a"}, {"url": "urn:a"}, {"url": "urn:a", "valueString": "a"}, {"code": "a"}, {"reference": "Patient/1"}),
    *({"extension": [{"url": "urn:a", "valueCode": "a"}]}, {"linkId": "age"}, {"linkId": "note", "answer": []}),
)
KEYS = (
    *(
        "id",
        "extension",
        "modifierExtension",
        "text",
        "meta",
        "contained",
        "implicitRules",
        "language",
        "item",
        "answer",
    ),
    *("linkId", "definition", "valueBoolean", "valueCoding", "valueString", "valueInteger", "valueQuantity", "_linkId"),
    *("system", "code", "display", "version", "unit", "value", "comparator", "_valueBoolean", "_status", "subject"),
    *("resourceType", "identifier", "encounter", "author", "source", "fhir_comments", "Status"),
)


def as_an_ehr_sends_it(random: Random) -> Json:
    """Fill in the form by chance, with what EHRs put around it half the time: texts, displays, meta, extensions."""
    content = filled()
    for item in FORM.items():
        choice = random.random()
        if choice < 0.2:
            content = with_answers(content, item.link_id, None)
        elif choice < 0.4 and item.options and item.kind == "choice":
            content = with_answers(content, item.link_id, [{"valueCoding": coding(item, random.choice(item.options))}])
        elif choice < 0.5 and item.kind in ("boolean", "yes-no-not-sure"):
            said = random.choice((True, False) if item.kind == "boolean" else ("yes", "no", "not-sure"))
            content = with_answers(content, item.link_id, answer_of(item, said))
    return {**content, **(_around(random) if random.random() < 0.5 else {})}


def _around(random: Random) -> Json:
    around: Json = {
        "id": "answers-1",
        "meta": {
            "versionId": "3",
            "lastUpdated": "2026-11-21T10:00:00.000Z",
            "source": "urn:ehr",
            "tag": [{"code": "a"}],
        },
        "language": "en",
        "text": {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml"><p>Answers</p></div>'},
        "extension": [{"url": "urn:ehr:form", "valueReference": {"reference": "Basic/1"}}],
        "identifier": {"system": "urn:ehr", "value": "1"},
        "author": {"reference": "Practitioner/1", "display": "Who wrote it"},
        "encounter": {"reference": "Encounter/1"},
    }
    return {key: value for key, value in around.items() if random.random() < 0.7}


def damaged(content: Json, random: Random) -> Json:
    """Change one to three places by chance: a value, a key, an entry, or the order."""
    changed: Json = deepcopy(content)
    for _ in range(random.choice((1, 1, 2, 3))):
        node = random.choice(list(_containers(changed)))
        random.choice(_CHANGES)(node, random)
    return changed


def _containers(node: object) -> Iterator[Any]:
    if isinstance(node, dict | list):
        if node:
            yield node
        for entry in node.values() if isinstance(node, dict) else node:
            yield from _containers(entry)


def _replace(node: Any, random: Random) -> None:
    node[_place(node, random)] = deepcopy(random.choice(LEAVES))


def _remove(node: Any, random: Random) -> None:
    del node[_place(node, random)]


def _rename(node: Any, random: Random) -> None:
    if isinstance(node, dict):
        node[random.choice(KEYS)] = node.pop(_place(node, random))


def _add(node: Any, random: Random) -> None:
    if isinstance(node, dict):
        node[random.choice(KEYS)] = deepcopy(random.choice(LEAVES))
    else:
        node.append(deepcopy(random.choice([*LEAVES, *node])))


def _wrap(node: Any, random: Random) -> None:
    place = _place(node, random)
    node[place] = [node[place]]


def _unwrap(node: Any, random: Random) -> None:
    place = _place(node, random)
    if isinstance(node[place], list) and node[place]:
        node[place] = node[place][0]


def _shuffle(node: Any, random: Random) -> None:
    if isinstance(node, list):
        random.shuffle(node)


def _place(node: Any, random: Random) -> Any:
    return random.choice(list(node)) if isinstance(node, dict) else random.randrange(len(node))


_CHANGES: tuple[Callable[[Any, Random], None], ...] = (
    _replace,
    _replace,
    _remove,
    _rename,
    _add,
    _wrap,
    _unwrap,
    _shuffle,
)
