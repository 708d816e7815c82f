"""What XHTML a narrative may hold, and what a browser would run."""

import pytest

from service.mapping.gate.definitions import r4
from service.mapping.gate.narrative import faults_of_div

OPEN = '<div xmlns="http://www.w3.org/1999/xhtml">'
PICTURE = "data: image/png;base64,iVBORw0="

RIGHT = [
    "<p>text</p>",
    "plain text",
    'a<br/>b<hr/><table class="t" border="1"><tbody><tr><td colspan="2">c</td></tr></tbody></table>',
    '<a href="https://example.org/a">a</a><a name="b">b</a><a href="#b">c</a>',
    '<img src="#picture" alt="a"/>',
    f'<img src="{PICTURE}"/>',
    '<span style="color: red; margin-left: 2px">a</span>',
    f'<span style="background: url({PICTURE})">a</span>',
    '<p lang="de" xml:lang="de">ä &amp; &lt;script&gt; &#228;</p>',
    "a<!-- a comment -->",
]

SENTENCES = {
    "an element": "an element that R4 does not allow in a narrative, as scripts, forms and frames",
    "an attribute": "an attribute that R4 does not allow in a narrative, as event handlers",
    "an address": "an address in the narrative that holds a script or data",
    "a style": "a style in the narrative that fetches or runs something",
    "a comment": "a comment in the div may not contain < or >",
    "a CDATA section": "a CDATA section is not allowed in the div; write &lt; and &amp; instead",
    "processing instruction": "a processing instruction is not allowed in the div",
    "neither text nor a picture": "the div has neither text nor a picture",
    "well-formed": "the div is not well-formed XHTML; entities other than those of XML are not known",
    "must be one <div": 'the narrative must be one <div xmlns="http://www.w3.org/1999/xhtml">',
    "document type": "a document type or an entity declaration is not allowed in the div",
}
"""What is said of a div, by the words that name the reason below."""

WRONG = [
    # the div's content, the words that name the reason
    ("<script>alert(1)</script>", "an element"),
    ("<SCRIPT>alert(1)</SCRIPT>", "an element"),
    ("a<iframe src='https://example.org'/>", "an element"),
    ("a<object/>", "an element"),
    ("a<embed/>", "an element"),
    ("a<form/>", "an element"),
    ("a<input/>", "an element"),
    ("a<button>b</button>", "an element"),
    ("a<style>p {}</style>", "an element"),
    ("a<link rel='stylesheet' href='https://example.org/a.css'/>", "an element"),
    ("a<base href='https://example.org'/>", "an element"),
    ("a<meta/>", "an element"),
    ("a<svg xmlns='http://www.w3.org/2000/svg'/>", "an element"),
    ("a<p xmlns='http://www.w3.org/2000/svg'/>", "an element"),
    ("a<p xmlns=''/>", "an element"),
    ("a<video/>", "an element"),
    ("<p onclick='alert(1)'>a</p>", "an attribute"),
    ("<img src='#a' onerror='alert(1)'/>", "an attribute"),
    ("<p onanythingnew='alert(1)'>a</p>", "an attribute"),
    ("<p formaction='a'>a</p>", "an attribute"),
    ("<a xmlns:x='http://www.w3.org/1999/xlink' x:href='javascript:a'>a</a>", "an attribute"),
    ("<a href='javascript:alert(1)'>a</a>", "an address"),
    ("<a href=' JaVa&#9;Script:alert(1)'>a</a>", "an address"),
    ("<a href='&#1;javascript:alert(1)'>a</a>", "well-formed"),
    ("a<!--> <img src='#a' onerror='alert(1)'/> -->", "a comment"),
    ("a<!-- < -->", "a comment"),
    ("a<!-- > -->", "a comment"),
    ("<![CDATA[<b><img src='#a' onerror='alert(1)'/>]]>", "a CDATA section"),
    ("<a href='vbscript:a'>a</a>", "an address"),
    ("<a href='data:text/html;base64,PHNjcmlwdD4='>a</a>", "an address"),
    (f"<a href='{PICTURE}'>a</a>", "an address"),
    ("<img src='data:image/svg+xml;base64,PHN2Zz4='/>", "an address"),
    ("<img src='javascript:a'/>", "an address"),
    ("<q cite='javascript:a'>a</q>", "an address"),
    ("<p style='background: url(https://example.org/a)'>a</p>", "a style"),
    ("<p style='background: URL ( \"https://example.org/a\")'>a</p>", "a style"),
    ("<p style='background: u\\rl(https://example.org/a)'>a</p>", "a style"),
    ("<p style='width: expression(alert(1))'>a</p>", "a style"),
    ("<p style='width: expr/**/ession(alert(1))'>a</p>", "a style"),
    ("<p style='-moz-binding: a'>a</p>", "a style"),
    ("<p style='@import a'>a</p>", "a style"),
    ("<p>a", "well-formed"),
    ("a &nbsp; b", "well-formed"),
    ("a & b", "well-formed"),
    ("a</div><div>b", "well-formed"),
    ("a<?php b ?>", "processing instruction"),
    ("", "neither text nor a picture"),
    (" \n<p> </p>", "neither text nor a picture"),
    ("<img alt='a'/>", "neither text nor a picture"),
]


@pytest.mark.parametrize("content", RIGHT)
def test_what_r4_permits_is_accepted(content: str) -> None:
    assert faults_of_div(f"{OPEN}{content}</div>", r4()) == ()


@pytest.mark.parametrize(("content", "words"), WRONG)
def test_what_a_browser_would_run_or_fetch_is_refused(content: str, words: str) -> None:
    assert faults_of_div(f"{OPEN}{content}</div>", r4()) == (SENTENCES[words],)


@pytest.mark.parametrize(
    ("div", "words"),
    [
        ("plain text", "well-formed"),
        ("", "well-formed"),
        (f"{OPEN}a", "well-formed"),
        (f"{OPEN}a</div", "well-formed"),
        ("<div>a</div>", "must be one <div"),
        ('<div xmlns="http://www.w3.org/TR/xhtml1">a</div>', "must be one <div"),
        ('<p xmlns="http://www.w3.org/1999/xhtml">a</p>', "must be one <div"),
        ('<x:div xmlns:x="http://www.w3.org/2000/svg">a</x:div>', "must be one <div"),
        (f"<!DOCTYPE div>{OPEN}a</div>", "document type"),
        (f'<!DOCTYPE div [<!ENTITY a "b">]>{OPEN}&a;</div>', "document type"),
        (f'<!DOCTYPE div SYSTEM "file:///etc/passwd">{OPEN}a</div>', "document type"),
        (f"{OPEN}a</div>{OPEN}b</div>", "well-formed"),
    ],
)
def test_the_root_is_one_div_of_xhtml_without_a_document_type(div: str, words: str) -> None:
    assert faults_of_div(div, r4()) == (SENTENCES[words],)


def test_each_reason_is_named_once_however_often_it_occurs() -> None:
    assert len(faults_of_div(f"{OPEN}<script/><script/><p onclick='a' onkeyup='b'/></div>", r4())) == 2


def test_a_div_nested_without_measure_is_read_without_recursion() -> None:
    assert faults_of_div(OPEN + "<b>" * 10_000 + "a" + "</b>" * 10_000 + "</div>", r4()) == ()
