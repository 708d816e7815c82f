"""The sections about the answers themselves: text nobody has read, open questions, contradictions, notices, scope."""

from collections.abc import Iterator

from service.engine.derive import Conflict
from service.mapping.header import FreeText
from service.mapping.writing.material import Material
from service.mapping.writing.questions import Question, asked_about
from service.mapping.writing.words import finding_words, sentence
from service.mapping.writing.xhtml import Section

OUT_OF_SCOPE = "Out of scope. {} Danger signs still count. No causes and no self-care are given."


def free_text_section(material: Material) -> Iterator[Section]:
    """Show the text of the response that nobody has read."""
    if material.header.free_texts:
        points = tuple(_free_text(one) for one in material.header.free_texts)
        yield Section("Read this first: text that no program has read", (), points, of_response=True)


def open_section(material: Material) -> Iterator[Section]:
    """List the questions whose answers could raise the level, or that gave it by being open, gravest first."""
    deciding = asked_about(material, material.assessment.ask_next)
    if deciding:
        yield Section("Not answered, and it matters for the level", (), tuple(one.words for one in deciding))


def answer_sections(material: Material) -> Iterator[Section]:
    """Say what is open, what does not fit together, and what was noticed about the response."""
    yield from open_section(material)
    also = tuple(one.words for one in _other_open(material))
    if also:
        yield Section("Also not answered", (), also)
    if material.assessment.conflicts:
        points = tuple(conflict_words(material, one) for one in material.assessment.conflicts)
        yield Section("Answers that do not fit together", (), points)
    notices = tuple(dict.fromkeys(_notices(material)))
    if notices:
        yield Section("Noticed about the response", (), notices, of_response=True)


def scope_words(material: Material) -> str:
    """Say that a complaint is out of scope; empty where it is not."""
    return OUT_OF_SCOPE.format(material.book.scope_says) if material.assessment.scope == "out" else ""


def conflict_words(material: Material, conflict: Conflict) -> str:
    """Name the questions whose answers do not fit together, and which reading counts."""
    asked = " / ".join(f"“{finding_words(material.book, one)}”" for one in dict.fromkeys(conflict.against))
    return f"{asked}: {sentence(conflict.says)} The more dangerous reading counts."


def _free_text(one: FreeText) -> str:
    return f"{one.question} “{one.text}”" if one.question else f"“{one.text}”"


def _other_open(material: Material) -> tuple[Question, ...]:
    told = set(material.assessment.ask_next)
    return asked_about(material, tuple(one for one in material.assessment.missing if one not in told))


def _notices(material: Material) -> Iterator[str]:
    """Say each notice once; required questions without an answer are gathered into one."""
    required = [one.question for one in material.header.notices if one.code == "required" and one.question]
    if required:
        yield f"Required, but not answered: {' '.join(dict.fromkeys(required))}"
    for one in material.header.notices:
        if one.code != "required" or not one.question:
            yield f"{sentence(one.text)} (Question: {one.question})" if one.question else sentence(one.text)
