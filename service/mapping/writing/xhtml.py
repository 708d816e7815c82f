"""Writes sections of plain text as the XHTML of a FHIR narrative; every text passes through one escaping function."""

import re
from dataclasses import dataclass
from html import escape

NOT_XML = re.compile(
    "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u007f-\u009f\u202a-\u202e\u2066-\u2069]"
)
"""What XML cannot hold, and what would hide or turn round the text beside it."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, paragraphs, and points of a list: plain text, not escaped."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()


def narrative(sections: tuple[Section, ...]) -> dict[str, str]:
    """Write a FHIR Narrative of h3, p, ul and li alone."""
    body = "".join(_section(section) for section in sections)
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{body}</div>'}


def escaped(text: str) -> str:
    """Make any text safe to stand between XHTML tags; a character that XML cannot hold becomes a replacement mark."""
    return escape(NOT_XML.sub("\ufffd", text))


def _section(section: Section) -> str:
    points = "".join(f"<li>{escaped(point)}</li>" for point in section.points)
    return "".join(
        [
            f"<h3>{escaped(section.heading)}</h3>",
            *(f"<p>{escaped(paragraph)}</p>" for paragraph in section.paragraphs),
            f"<ul>{points}</ul>" if points else "",
        ]
    )
