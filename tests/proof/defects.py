# ruff: noqa: E501 - a table: each edit stands on a line of its own
"""Seeded defects of the rule book, and edits that change nothing: what is written where, and nothing of who refuses it."""

from typing import NamedTuple

DELETED = ""
"""In place of the new text: the file is gone, and a rule's cases with it."""


class Edit(NamedTuple):
    """One edit of one file: the text that stands there and the text in its place; a new file has no old text."""

    kind: str
    file: str
    old: str
    new: str


CHEST_PAIN = "rules/chest-pain.yaml"
ADDED_RULE = """id: added-rule
title: Added rule
topic: {topic}
when: {when}
statements: [{statement}]
sign: something
limits: made up
status: draft
"""


def _dropped(rule: str) -> Edit:
    return Edit("dropped rule", f"rules/{rule}.yaml", DELETED, DELETED)


def _unheld(withholding: str) -> Edit:
    return Edit("removed withholding", f"withholdings/{withholding}.yaml", DELETED, DELETED)


# fmt: off
DEFECTS: tuple[Edit, ...] = (
    _dropped("chest-pain"),
    _dropped("legs-do-not-carry"),
    _dropped("cancer-history"),
    _dropped("under-eighteen"),
    _dropped("self-care-gate"),
    _dropped("unread-text"),
    Edit("flipped operator", "rules/aneurysm-flank-pain.yaml", "at-least: 60", "below: 60"),
    Edit("flipped operator", "rules/smoker-with-chest-or-general-sign.yaml", "at-least: 40", "at-most: 40"),
    Edit("flipped operator", "rules/serious-accident-in-last-3-days.yaml", "above: 3", "at-most: 3"),
    Edit("flipped operator", "rules/aortic-tear.yaml", "age: {below: 40", "age: {at-least: 40"),
    Edit("flipped operator", "terms.yaml", "severity-now, at-least: 7}, {measure: severity-onset, at-least: 7", "severity-now, below: 7}, {measure: severity-onset, at-least: 7"),
    Edit("flipped operator", "derivations.yaml", "temperature, at-least: 38.0", "temperature, at-most: 38.0"),
    Edit("threshold off by one", "terms.yaml", "severity-now, at-least: 7}, {measure: severity-onset, at-least: 7", "severity-now, at-least: 8}, {measure: severity-onset, at-least: 7"),
    Edit("threshold off by one", "terms.yaml", "when: {measure: duration-days, at-least: 7, unit: d}", "when: {measure: duration-days, at-least: 8, unit: d}"),
    Edit("threshold off by one", "terms.yaml", "when: {measure: duration-days, above: 14, unit: d}", "when: {measure: duration-days, at-least: 14, unit: d}"),
    Edit("threshold off by one", "terms.yaml", "when: {measure: age, below: 18, unit: a}", "when: {measure: age, below: 17, unit: a}"),
    Edit("threshold off by one", "terms.yaml", "when: {measure: age, at-least: 65, unit: a}", "when: {measure: age, at-least: 66, unit: a}"),
    Edit("threshold off by one", "derivations.yaml", "temperature, at-least: 38.0", "temperature, at-least: 38.1"),
    Edit("threshold off by one", "derivations.yaml", "temperature, below: 36.0", "temperature, below: 35.9"),
    Edit("threshold off by one", "rules/weight-loss-at-sixty.yaml", "at-least: 60", "at-least: 61"),
    Edit("threshold off by one", "rules/nausea-unless-known-meal-pattern.yaml", "at-most: 3", "at-most: 4"),
    Edit("threshold off by one", "rules/self-care-gate.yaml", "at-least: 18", "at-least: 17"),
    Edit("swapped level", "statements.yaml", "id: CC-911-chest, kind: disposition, level: ambulance", "id: CC-911-chest, kind: disposition, level: appointment"),
    Edit("swapped level", "statements.yaml", "id: CC-er-leg-weakness, kind: disposition, level: emergency", "id: CC-er-leg-weakness, kind: disposition, level: within-24h"),
    Edit("swapped level", "guidelines.yaml", "id: GL-pe-risk, source: AFP-PL, level: emergency", "id: GL-pe-risk, source: AFP-PL, level: within-24h"),
    Edit("swapped level", "statements.yaml", "id: GM-stiff, kind: symptom, level: self-care", "id: GM-stiff, kind: symptom, level: emergency"),
    Edit("swapped level", "levels.yaml", "id: ambulance, rank: 5", "id: ambulance, rank: 3"),
    Edit("shadowing rule", "rules/added-rule.yaml", "", ADDED_RULE.format(topic="chest-pain", when="dull", statement="GL-pe-risk")),
    Edit("shadowing rule", "rules/added-rule.yaml", "", ADDED_RULE.format(topic="daily-life", when="always", statement="SP-dr-disrupts")),
    Edit("shadowing rule", "rules/added-rule.yaml", "", ADDED_RULE.format(topic="chest-pain", when="chest-pain", statement="GM-er-chest")),
    Edit("redundant rule", "rules/band-like-pain-with-leg-or-bladder-change.yaml", "statements: [GL-band.emergency]", "statements: [GL-band.within-24h]"),
    Edit("typo in a finding", CHEST_PAIN, "when: chest-pain", "when: chest-pian"),
    Edit("typo in a finding", "rules/aortic-tear.yaml", "hx-hypertension: absent", "hx-hypertention: absent"),
    Edit("typo in a finding", "questionnaire.yaml", "options: [band-like, shoulder-tip]", "options: [band-like, shouldertip]"),
    Edit("typo in a statement", "rules/faint.yaml", "[SP-pe-faint]", "[SP-pe-fant]"),
    Edit("typo in a cause", CHEST_PAIN, "heart-attack: fits", "heart-atack: fits"),
    Edit("changed unit", "rules/aneurysm-flank-pain.yaml", "unit: a", "unit: d"),
    Edit("changed unit", "terms.yaml", "when: {measure: duration-days, at-least: 84, unit: d}", "when: {measure: duration-days, at-least: 84, unit: wk}"),
    Edit("changed unit", "findings.yaml", "{id: temperature, group: measure, kind: quantity, unit: Cel", "{id: temperature, group: measure, kind: quantity, unit: '[degF]'"),
    _unheld("nsaid-age"),
    _unheld("nsaid-pregnancy"),
    _unheld("heat-injury"),
    _unheld("acetaminophen-liver"),
    _unheld("flexion-nerve"),
    _unheld("emergency-level"),
    Edit("weakened withholding", "withholdings/driving.yaml", "  - visual-disturbance\n", ""),
    Edit("weakened withholding", "withholdings/nsaid-illness.yaml", "  - hx-kidney\n", ""),
    Edit("weakened withholding", "withholdings/activity-until-seen.yaml", "  - {rule: cancer-history}\n", ""),
    Edit("a finding moved under not", "rules/signs-of-cord-compression.yaml", "unsteady-gait", "{not: unsteady-gait}"),
    Edit("a finding moved under not", "terms.yaml", "when: {any: [sudden-onset, max-at-onset]}", "when: {any: [sudden-onset, {not: max-at-onset}]}"),
    Edit("a finding moved under not", "rules/sudden-severe.yaml", "[sudden, severe]", "[sudden, {not: severe}]"),
    Edit("a finding moved under not", "rules/no-better-after-a-week.yaml", "{not: improving}", "improving"),
    Edit("removed exemption", "rules/aortic-tear.yaml", "- {nerve-sign: absent}\n", ""),
    Edit("removed exemption", "rules/breath-pain-not-explained.yaml", "- {strain-event: present}\n", ""),
    Edit("added exemption", "rules/effort-pain-maybe-changing.yaml", "unless-all: [{exertional-change: absent}]", "unless-all: [{exertional-change: absent}, {recurrent: present}]"),
    Edit("turned exemption", "rules/dizziness-unless-on-standing.yaml", "dizziness-standing: present", "dizziness-standing: absent"),
    Edit("dropped sign", "rules/grave-weakness.yaml", "arm-weak-severe, ", ""),
    Edit("dropped sign", "rules/heart-attack-or-clot-signs.yaml", "  - jaw-arm-pressure\n", ""),
    Edit("dropped sign", "terms.yaml", "hx-vte, hx-immobility-surgery, hx-oestrogen, hx-cancer, pregnant,", "hx-vte, hx-immobility-surgery, hx-oestrogen, pregnant,"),
    Edit("dropped sign", "rules/leg-numbness-with-danger.yaml", "bowel-incontinence, ", ""),
    Edit("all in place of any", "rules/loss-of-bladder-or-bowel-control.yaml", "{any: ", "{all: "),
    Edit("any in place of all", "rules/sudden-severe.yaml", "{all: ", "{any: "),
    Edit("removed derivation", "derivations.yaml", "- {id: fever-measured, makes: {fever: present}, when: {measure: temperature, at-least: 38.0, unit: Cel}, says: 38.0 Cel or more is fever}\n", ""),
    Edit("removed derivation", "derivations.yaml", "- {id: breath-spike, makes: {worse-deep-breath: present}, when: breath-spike, says: a spike of pain on a deep breath is pain on a deep breath}\n", ""),
    Edit("turned derivation", "derivations.yaml", "makes: {leg-weak: present}, when: cannot-walk", "makes: {leg-weak: absent}, when: cannot-walk"),
    Edit("turned derivation", "derivations.yaml", "when: {all: [{measure: temperature, below: 38.0, unit: Cel}, {not: masked-fever}, {not: fever-felt}]}, only-where-unknown: true", "when: {measure: temperature, below: 38.0, unit: Cel}"),
    Edit("turned contradiction", "contradictions.yaml", "counts: {improving: absent}", "counts: {worsening: absent}"),
    Edit("turned contradiction", "contradictions.yaml", "counts: {dizziness-standing: absent}", "counts: {syncope: absent}"),
    Edit("contradiction in a rule", CHEST_PAIN, "when: chest-pain", "when: {all: [chest-pain, {not: chest-pain}]}"),
    Edit("contradiction in a rule", "rules/under-eighteen.yaml", "when: child", "when: {all: [child, elder]}"),
    Edit("wrongly reassuring", "findings.yaml", "{id: mechanical, group: character, kind: boolean, reassuring: true", "{id: mechanical, group: character, kind: boolean"),
    Edit("no longer reassuring", "findings.yaml", "{id: improving, group: course, kind: boolean, reassuring: true", "{id: improving, group: course, kind: boolean"),
    Edit("hidden question", "questionnaire.yaml", "shown-when: exertional, not-shown-means: absent", "shown-when: {not: exertional}, not-shown-means: absent"),
    Edit("changed bounds", "questionnaire.yaml", "help: 'Days, weeks, months or years.', min: 0, max: 36500", "help: 'Days, weeks, months or years.', min: 0, max: 14"),
    Edit("changed bounds", "questionnaire.yaml", "help: 'In years.', min: 0, max: 120", "help: 'In years.', min: 0, max: 59"),
    Edit("dropped question", "questionnaire.yaml", "options: [band-like, shoulder-tip]", "options: [band-like]"),
    Edit("weaker policy", "policies.yaml", "asks for', live: true}", "asks for', live: true, sources: [SP]}"),
    Edit("uncited statement", "rules/sudden-severe.yaml", "statements: [RC-sudden-severe.emergency, GL-sudden-severe]", "statements: [GL-sudden-severe]"),
    Edit("missing sign", "rules/faint.yaml", "sign: fainting or nearly fainting\n", ""),
    Edit("missing cases", "cases/chest-pain.yaml", DELETED, DELETED),
    Edit("key that stands twice", CHEST_PAIN, "status: draft", "status: draft\nwhen: faint"),
    Edit("name of another file", CHEST_PAIN, "id: chest-pain", "id: chest-pains"),
)

HARMLESS: tuple[Edit, ...] = (
    Edit("order of parts", "rules/sudden-severe.yaml", "[sudden, severe]", "[severe, sudden]"),
    Edit("order of exemptions", "rules/dizziness-unless-on-standing.yaml", "[{dizziness-standing: present}, {another-sign: absent}]", "[{another-sign: absent}, {dizziness-standing: present}]"),
    Edit("other title", CHEST_PAIN, "title: Chest pain or discomfort", "title: Pain or discomfort in the chest"),
    Edit("other sign", CHEST_PAIN, "sign: chest pain or discomfort", "sign: pain or discomfort in the chest"),
    Edit("comment", CHEST_PAIN, "status: draft", "status: draft  # not reviewed"),
    Edit("same condition in other words", "rules/faint.yaml", "when: syncope", "when: {any: [syncope]}"),
    Edit("same threshold in other digits", "derivations.yaml", "temperature, at-least: 38.0", "temperature, at-least: 38.00"),
    Edit("other words of a term", "terms.yaml", "says: under 18 years", "says: not yet 18 years old"),
    Edit("other status", "rules/faint.yaml", "status: draft", "status: 'draft'"),
)
# fmt: on
