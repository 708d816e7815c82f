"""Which open questions must be answered at once: those where a yes alone means an emergency; it changes no verdict."""

from collections.abc import Iterator
from dataclasses import dataclass

from service.engine.assessment import Traced
from service.engine.verdict import View, evaluate
from service.mapping.writing.material import Material
from service.mapping.writing.questions import Question, questions_about
from service.mapping.writing.words import level_words

EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class Urgent:
    """Questions whose yes alone means ``level``."""

    level: str
    questions: tuple[Question, ...]


def urgent_words(material: Material) -> str:
    """Say what to answer now and what each answer means; empty where no ambulance or emergency question is open."""
    emergencies = _undecided_emergencies(material)
    if not emergencies:
        return ""
    alone = _alone(material, emergencies)
    rest = [one for traced in emergencies for one in traced.findings if one not in alone]
    if not alone:
        return _combined_words(material, questions_about(material.book, rest))
    level = level_words(material, material.assessment.level)
    groups = list(_groups(material, alone))
    steps = [_step(material, urgent, first=index == 0) for index, urgent in enumerate(groups)]
    again = " Then answer what else is open, and have the answers judged again." if rest else ""
    return f"{' '.join(steps)[:-1]}; if all are no, {level}.{again}"


def _undecided_emergencies(material: Material) -> list[Traced]:
    """Keep the undecided rules that ask for emergency or above, and for more than the result, gravest first."""
    least = max(material.rank(EMERGENCY), material.rank(material.assessment.level) + 1)
    undecided = [
        one for one in material.assessment.trace if one.verdict == "undecided" and material.rank(one.asks) >= least
    ]
    return sorted(undecided, key=lambda one: -material.rank(one.asks))


def _alone(material: Material, emergencies: list[Traced]) -> dict[str, str]:
    """Name the findings whose yes alone would fire one of the rules, with the highest level it would mean."""
    known = {finding: fact.value for finding, fact in material.assessment.facts.items()}
    alone: dict[str, str] = {}
    for traced in emergencies:
        condition = material.book.rules[traced.rule].when
        for finding in traced.findings:
            if finding in alone or not _yes_may_mean_danger(material, finding):
                continue
            if evaluate(condition, View({**known, finding: True})):
                alone[finding] = traced.asks
    return alone


def _yes_may_mean_danger(material: Material, finding: str) -> bool:
    described = material.book.findings[finding]
    return described.kind == "boolean" and not described.reassuring and described.asked


def _groups(material: Material, alone: dict[str, str]) -> Iterator[Urgent]:
    """Gather the questions by what a yes means, gravest first, each group in the order of the form."""
    order = [finding for item in material.book.form.items() for finding in item.findings if finding in alone]
    for level in material.book.levels:
        findings = [finding for finding in order if alone[finding] == level]
        if findings:
            yield Urgent(level, questions_about(material.book, findings))


def _step(material: Material, urgent: Urgent, *, first: bool) -> str:
    asked = " ".join(question.words for question in urgent.questions)
    begin = "Answer these now:" if first else "Then these:"
    return f"{begin} {asked} If any is yes, or you cannot tell, {level_words(material, urgent.level)}."


def _combined_words(material: Material, questions: tuple[Question, ...]) -> str:
    """Say what to do where no answer alone decides: measures, and danger signs that count only together."""
    if not questions:
        return ""
    asked = " ".join(question.words for question in questions)
    ceiling = level_words(material, material.assessment.ceiling)
    level = level_words(material, material.assessment.level)
    return (
        f"Answer these now, and have the answers judged again: {asked} If that cannot be done at once, or you cannot "
        f"tell, {ceiling}; if the answers change nothing, {level}."
    )
