"""What to do first, and the sentences about a result as a whole; not the rest of the plan."""

from service.mapping.writing.material import Material
from service.mapping.writing.urgent_questions import urgent_words
from service.mapping.writing.words import book_words, level_words, sentence

ASK_AGAIN = "Ask the questions again now: the answers are old, or their time is not known."
TEST_DATA = "Test data: not for the care of a patient."
UNPROVEN = (
    "Unproven rules: no proof holds for this rule book and this engine. For development only, not for the care of a "
    "patient."
)
FINAL = (
    "Final means that every question that could raise the level is answered. It does not mean that a clinician has "
    "seen this result."
)
UNREAD = "The response holds text that no program has read. Read it first."


def level_sentence(material: Material) -> str:
    """Say the level of the result as a sentence."""
    return material.again("level", lambda: sentence(level_words(material, material.assessment.level)))


def instruction(material: Material) -> str:
    """Say what to do first: what to answer now where an emergency is open, else the level; then how."""
    return material.again("instruction", lambda: _instruction(material))


def _instruction(material: Material) -> str:
    first = urgent_words(material) or level_sentence(material)
    return " ".join(part for part in (first, ask_again(material), _how(material)) if part)


def level_then_instruction(material: Material) -> str:
    """Begin with the level in words, whatever is open; then say what to do first."""
    told = instruction(material)
    level = level_sentence(material)
    return told if told.startswith(level) else f"{level} {told}"


def unproven_words(material: Material) -> str:
    """Say that the rules are not proven; empty where they are."""
    return "" if material.book.proven else UNPROVEN


def ask_again(material: Material) -> str:
    """Say that the answers are old; empty where they are not."""
    return ASK_AGAIN if material.answers_old else ""


def status_words(material: Material) -> str:
    """Say what the status means, and why a result is preliminary."""
    if material.status == "final":
        return FINAL
    reasons = [
        ("The form is not finished.", material.header.status == "in-progress"),
        ("The form was stopped before its end.", material.header.status == "stopped"),
        ("A question that must be answered was left blank.", material.header.has_blanks),
        ("Questions that could raise the level are open.", material.assessment.ceiling != material.assessment.level),
        ("The answers are old, or their time is not known.", material.answers_old),
    ]
    return " ".join(["This result is preliminary.", *(words for words, holds in reasons if holds)])


def _how(material: Material) -> str:
    return material.once(
        ("how", material.assessment.level), lambda: book_words(material, material.level_activity.detail)
    )
