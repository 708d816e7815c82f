"""Writes sections of plain text as the XHTML of a FHIR narrative; every text passes through one escaping function."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

NOT_XML = re.compile(
    "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u007f-\u009f\u202a-\u202e\u2066-\u2069]"
)
"""What XML cannot hold, and what would hide or turn round the text beside it."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, paragraphs, and points of a list: plain text, not escaped.

    ``of_response`` says that the points hold what was sent, which is never kept.
    """

    heading: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    of_response: bool = False


def narrative(sections: tuple[Section, ...], escape: Callable[[str], str]) -> dict[str, str]:
    """Write a FHIR Narrative of h3, p, ul and li alone; ``escape`` is ``escaped``, or keeps what ``escaped`` gave."""
    body = "".join(_section(section, escaped if section.of_response else escape) for section in sections)
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{body}</div>'}


def escaped(text: str) -> str:
    """Make any text safe to stand between XHTML tags; a character that XML cannot hold becomes a replacement mark."""
    return escape(NOT_XML.sub("\ufffd", text))


def _section(section: Section, escape: Callable[[str], str]) -> str:
    heading = f"<h3>{escape(section.heading)}</h3>"
    paragraphs = "".join([f"<p>{escape(paragraph)}</p>" for paragraph in section.paragraphs])
    points = "</li><li>".join(map(escape, section.points))
    return f"{heading}{paragraphs}<ul><li>{points}</li></ul>" if section.points else heading + paragraphs
