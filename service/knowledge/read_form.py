"""Reads questionnaire.yaml into the form; what ends the form early is worked out from the order of the questions."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from service.knowledge.files import BookFiles, unique
from service.knowledge.form import Form, Group, Item, ItemKind, Unit
from service.knowledge.model import Finding
from service.knowledge.parse import BookError, Vocabulary, condition_from
from service.knowledge.written_fields import Flag, Row, Words, name, names, one_of

MOST_OPTIONS = 8


class ItemRow(Row):
    """One question of questionnaire.yaml: a finding of its own, or a list of findings."""

    finding = name(load_default="")
    list_ = Words(data_key="list", load_default="")
    options = names()
    ask = Words(required=True)
    help = Words(load_default="")
    required = Flag(load_default=False)
    ends = Flag(data_key="ends-the-form", load_default=False)
    after_the_end = Flag(data_key="after-the-end", load_default=False)
    shown_when = fields.Raw(data_key="shown-when", load_default=None)
    not_shown_means = Words(data_key="not-shown-means", load_default="unknown", validate=one_of("absent", "unknown"))
    min = fields.Decimal(load_default=None)
    max = fields.Decimal(load_default=None)
    rests_on = names(data_key="rests-on")


class GroupRow(Row):
    """One group of questionnaire.yaml."""

    id = name(required=True)
    text = Words(required=True)
    items = fields.List(fields.Nested(ItemRow), required=True)


class FormFile(Row):
    """The whole of questionnaire.yaml."""

    version = Words(required=True)
    title = Words(required=True)
    description = Words(required=True)
    groups = fields.List(fields.Nested(GroupRow), required=True)
    words = fields.Dict(keys=name(), values=Words(), required=True)
    option_words = fields.Dict(keys=name(), values=Words(), required=True, data_key="option-words")


class ConversionRow(Row):
    """How an answer in a unit becomes the unit that rules compare in."""

    minus = fields.Decimal(load_default=0)
    times = fields.Decimal(load_default=1)
    by = fields.Decimal(load_default=1)


class UnitsFile(Row):
    """The whole of units.yaml: what may be answered for each unit that rules compare in, and the units' names."""

    units = fields.Dict(
        keys=name(), values=fields.Dict(keys=Words(), values=fields.Nested(ConversionRow)), required=True
    )
    names = fields.Dict(keys=Words(), values=Words(), required=True)


def read_form(files: BookFiles, findings: Mapping[str, Finding], vocabulary: Vocabulary) -> Form:
    """Read the form; raise BookError where an asked finding has no question or no plain words, or stands in two."""
    written = files.whole("questionnaire.yaml", FormFile())
    units = _units(files)
    groups, ended_by = [], list[str]()
    for group in written["groups"]:
        gate = tuple(ended_by)
        items = []
        for row in group["items"]:
            stops = () if row["shown_when"] is not None else tuple(one for one in ended_by if one not in gate)
            items.append(_item(row, findings, vocabulary, units, stops))
            if row["ends"]:
                ended_by.extend(items[-1].findings)
        groups.append(Group(f"group-{group['id']}", group["text"], gate, tuple(items)))
    form = Form(
        version=written["version"],
        title=written["title"],
        description=written["description"],
        groups=tuple(groups),
        words={**written["option_words"], **written["words"]},
        item_of={finding: item.link_id for group in groups for item in group.items for finding in item.findings},
    )
    _complete(form, findings)
    return form


def _units(files: BookFiles) -> dict[str, tuple[Unit, ...]]:
    written = files.whole("units.yaml", UnitsFile())
    nameless = sorted({code for accepted in written["units"].values() for code in accepted} - set(written["names"]))
    if nameless:
        raise BookError(f"units.yaml: names: no name for the unit '{nameless[0]}'")
    return {
        canonical: tuple(Unit(code, written["names"][code], **conversion) for code, conversion in accepted.items())
        for canonical, accepted in written["units"].items()
    }


def _item(
    row: dict[str, Any],
    findings: Mapping[str, Finding],
    vocabulary: Vocabulary,
    units: Mapping[str, tuple[Unit, ...]],
    ended_by: tuple[str, ...],
) -> Item:
    link_id = row["finding"] or row["list_"]
    asked = tuple(row["options"]) or (row["finding"],)
    where = f"questionnaire.yaml: {link_id}"
    for one in asked:
        if one not in findings:
            raise BookError(f"{where}: unknown finding '{one}'")
    if len(asked) > MOST_OPTIONS:
        raise BookError(f"{where}: met {len(asked)} options; allowed are {MOST_OPTIONS} at most")
    kind = "checklist" if row["options"] else _kind(findings[link_id])
    unit = "" if row["options"] else findings[link_id].unit
    if kind == "quantity" and unit not in units:
        raise BookError(f"{where}: unit '{unit}'; allowed are those of units.yaml: {', '.join(units)}")
    when = row["shown_when"]
    return Item(
        link_id=link_id,
        kind=kind,
        ask=row["ask"],
        help=row["help"],
        findings=asked,
        required=row["required"],
        ended_by=ended_by,
        shown_when=None if when is None else condition_from(when, vocabulary, f"{where}.shown-when"),
        not_shown_means=row["not_shown_means"],
        unit=unit,
        units=units[unit] if kind == "quantity" else (),
        minimum=row["min"],
        maximum=row["max"],
        options=() if row["options"] else findings[link_id].options,
        rests_on=tuple(row["rests_on"]),
    )


def _kind(finding: Finding) -> ItemKind:
    kinds: dict[str, ItemKind] = {
        "integer": "integer",
        "quantity": "quantity",
        "choice": "choice",
        "choices": "choices",
        "text": "text",
    }
    return kinds.get(finding.kind, "yes-no-not-sure" if finding.unsure_means_present else "boolean")


def _complete(form: Form, findings: Mapping[str, Finding]) -> None:
    asked = [finding for item in form.items() for finding in item.findings]
    unique(asked, "questionnaire.yaml")
    unique([item.link_id for item in form.items()], "questionnaire.yaml")
    for finding in findings.values():
        if finding.asked != (finding.id in asked):
            met = "a question" if finding.id in asked else "no question"
            raise BookError(f"questionnaire.yaml: '{finding.id}' has {met}; findings.yaml says asked: {finding.asked}")
    listed = {finding for item in form.items() if item.kind == "checklist" for finding in item.findings}
    options = listed | {option for item in form.items() for option in item.options}
    wordless = sorted(options - set(form.words))
    if wordless:
        raise BookError(f"questionnaire.yaml: no plain words for {', '.join(wordless)}")
