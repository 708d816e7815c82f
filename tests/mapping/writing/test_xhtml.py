"""A narrative is a heading, paragraphs and a list for each section; the hostile texts stand in test_narrative."""

from service.mapping.writing.xhtml import Section, escaped, narrative


def test_each_section_is_its_heading_its_paragraphs_and_its_list() -> None:
    sections = (Section("A & B", ("first", "second"), ("one", "two")), Section("Alone"))
    assert narrative(sections, str.upper) == {
        "status": "generated",
        "div": '<div xmlns="http://www.w3.org/1999/xhtml"><h3>A & B</h3><p>FIRST</p><p>SECOND</p>'
        "<ul><li>ONE</li><li>TWO</li></ul><h3>ALONE</h3></div>",
    }


def test_what_the_response_says_is_never_given_to_an_escaping_that_keeps_what_it_met() -> None:
    kept: list[str] = []

    def keeping(text: str) -> str:
        kept.append(text)
        return text

    section = Section("Sent", ("a < b",), ("c > d",), of_response=True)
    assert "<h3>Sent</h3><p>a &lt; b</p><ul><li>c &gt; d</li></ul>" in narrative((section,), keeping)["div"]
    assert kept == []


def test_what_xml_cannot_hold_becomes_one_mark_for_each_character() -> None:
    assert escaped("a\x0b\u202e<b") == "a\ufffd\ufffd&lt;b"
