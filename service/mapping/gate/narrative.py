"""Whether the XHTML of a Narrative is what R4 permits and nothing a browser would run; it changes nothing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from service.mapping.gate.definitions import Definitions
from service.mapping.gate.primitives import is_active

_XHTML = "http://www.w3.org/1999/xhtml"
_XML_LANG = "http://www.w3.org/XML/1998/namespace lang"
_ADDRESS_ATTRIBUTES = frozenset({"href", "src", "cite", "longdesc"})
# HL7's own narratives carry pictures this way; a picture cannot run anything, unlike SVG, which is left out.
_PICTURE = re.compile(r"data:image/(png|jpeg|gif);base64,[A-Za-z0-9+/=]*")
_PICTURE_IN_STYLE = re.compile(rf"url\({_PICTURE.pattern}\)")
_BLANKS = re.compile(r"\s+")
# A backslash or a comment can hide any of the words; a style that needs neither loses nothing.
_ACTIVE_STYLE = re.compile(r"url\(|expression|@import|behaviou?r|-moz-binding|javascript:|\\|/\*", re.IGNORECASE)


def faults_of_div(div: str, definitions: Definitions) -> tuple[str, ...]:
    """Return a sentence for each kind of thing in the div that R4 or safety forbids; empty when it is fine."""
    reading = _Reading(definitions)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reading.start_element
    parser.CharacterDataHandler = reading.text
    parser.StartDoctypeDeclHandler = reading.document_type
    parser.ProcessingInstructionHandler = reading.processing_instruction
    parser.StartCdataSectionHandler = reading.character_data_section
    parser.CommentHandler = reading.comment
    try:
        parser.Parse(div, True)
    except expat.ExpatError:
        reading.faults.append("the div is not well-formed XHTML; entities other than those of XML are not known")
    except _DocumentType:
        reading.faults.append("a document type or an entity declaration is not allowed in the div")
    if not reading.faults and not reading.has_content:
        reading.faults.append("the div has neither text nor a picture")
    return tuple(dict.fromkeys(reading.faults))


class _DocumentType(Exception):  # noqa: N818 - a signal that ends the reading, not an error of ours
    """End the reading at once: what is declared here may grow without bounds or fetch what is not ours."""


@dataclass(slots=True)
class _Reading:
    """Collect what the parser meets, one callback per kind of event."""

    definitions: Definitions
    faults: list[str] = field(default_factory=list)
    has_content: bool = False
    is_root: bool = True

    def start_element(self, qualified_name: str, attributes: Mapping[str, str]) -> None:
        namespace, _, name = qualified_name.rpartition(" ")
        if self.is_root and (namespace, name) != (_XHTML, "div"):
            self.faults.append(f'the narrative must be one <div xmlns="{_XHTML}">')
        elif namespace != _XHTML or name not in self.definitions.xhtml_elements:
            self.faults.append("an element that R4 does not allow in a narrative, as scripts, forms and frames")
        self.is_root = False
        self.has_content = self.has_content or (name == "img" and "src" in attributes)
        for attribute, value in attributes.items():
            self._attribute(name, attribute, value)

    def _attribute(self, element: str, name: str, value: str) -> None:
        if name != _XML_LANG and name not in self.definitions.xhtml_attributes:
            self.faults.append("an attribute that R4 does not allow in a narrative, as event handlers")
        elif name in _ADDRESS_ATTRIBUTES and is_active(value) and not _is_picture(element, value):
            self.faults.append("an address in the narrative that holds a script or data")
        elif name == "style" and _ACTIVE_STYLE.search(_PICTURE_IN_STYLE.sub("", _BLANKS.sub("", value))):
            self.faults.append("a style in the narrative that fetches or runs something")

    def text(self, text: str) -> None:
        self.has_content = self.has_content or not text.isspace()

    def document_type(self, *_declaration: object) -> None:
        raise _DocumentType

    def processing_instruction(self, *_instruction: object) -> None:
        self.faults.append("a processing instruction is not allowed in the div")

    # An HTML parser ends these two earlier than an XML parser, and would see elements where XML sees none.
    def character_data_section(self) -> None:
        self.faults.append("a CDATA section is not allowed in the div; write &lt; and &amp; instead")

    def comment(self, text: str) -> None:
        if "<" in text or ">" in text:
            self.faults.append("a comment in the div may not contain < or >")


def _is_picture(element: str, address: str) -> bool:
    return element == "img" and _PICTURE.fullmatch(_BLANKS.sub("", address)) is not None
