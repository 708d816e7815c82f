"""Says which open questions must be answered at once, and what each answer means; it changes no verdict."""

from service.engine.assessment import Traced
from service.mapping.writing.material import Material
from service.mapping.writing.questions import questions_about, together
from service.mapping.writing.single_dangers import undecided_emergencies
from service.mapping.writing.words import level_words


def urgent_words(material: Material) -> str:
    """Say what to answer now and what each answer means; empty where no ambulance or emergency question is open."""
    emergencies = undecided_emergencies(material.book, material.assessment)
    if not emergencies:
        return ""
    key = ("urgent", material.assessment.level, material.assessment.ceiling, tuple(material.single_dangers.items()))
    findings = tuple(traced.findings for traced in emergencies)
    return material.once((*key, findings), lambda: _urgent_words(material, emergencies))


def _urgent_words(material: Material, emergencies: list[Traced]) -> str:
    rest = [one for traced in emergencies for one in traced.findings if one not in material.single_dangers]
    if not material.single_dangers:
        return _combined_words(material, rest)
    asked = " Then these: ".join(_steps(material))
    level = level_words(material, material.assessment.level)
    again = " Then answer what else is open, and have all answers judged again." if rest else ""
    return f"Answer these now: {asked}; if all are no, {level}.{again}"


def _steps(material: Material) -> list[str]:
    """Gather the questions by what a yes means, gravest first, each group in the order of the form."""
    dangers = material.single_dangers
    order = [finding for item in material.book.form.items() for finding in item.findings if finding in dangers]
    steps = []
    for level in material.book.levels:
        findings = [finding for finding in order if dangers[finding] == level]
        if findings:
            asked = together(questions_about(material.book, findings))
            steps.append(f"{asked} If any is yes, or you cannot tell, {level_words(material, level)}")
    return [*(f"{step}." for step in steps[:-1]), steps[-1]]


def _combined_words(material: Material, findings: list[str]) -> str:
    """Say what to do where no answer alone decides: measures, and danger signs that count only together."""
    asked = together(questions_about(material.book, findings))
    if not asked:
        return ""
    ceiling = level_words(material, material.assessment.ceiling)
    level = level_words(material, material.assessment.level)
    return (
        f"Answer these now, and have all answers judged again: {asked} If that cannot be done at once, or you cannot "
        f"tell, {ceiling}; if the answers change nothing, {level}."
    )
