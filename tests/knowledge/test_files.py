"""That the book's files are read as PyYAML reads them, value by value and kind by kind, or are refused."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from service.knowledge.files import BOOK, BookFiles
from service.knowledge.parse import BookError


def read(folder: Path, text: str) -> object:
    (folder / "one.yaml").write_text(text, "utf-8")
    return BookFiles(folder).read("one.yaml")


def kinds(value: object) -> object:
    """Say a value with the type of each of its parts, because 1, 1.0 and true are equal in Python."""
    if isinstance(value, dict):
        return [(kinds(key), kinds(below)) for key, below in value.items()]
    if isinstance(value, list):
        return [kinds(one) for one in value]
    return type(value).__name__, value


def test_every_file_of_the_book_is_read_as_pyyaml_reads_it() -> None:
    files = sorted(BOOK.rglob("*.yaml"))
    assert files
    for path in files:
        text = path.read_text("utf-8")
        own = BookFiles(BOOK).read(path.relative_to(BOOK).as_posix())
        assert kinds(own) == kinds(yaml.load(text, yaml.CSafeLoader)), path.name


READ = [
    ("", None, "an empty file"),
    ("a: !!str 5", {"a": "5"}, "a text by its tag"),
    ("on: 1", {True: 1}, "YAML's own trap: a schema refuses the key, as it is no text"),
    ("a: no", {"a": False}, "the same trap as a value"),
    ("1: a", {1: "a"}, "a number as a key"),
    ("a: ~", {"a": None}, "nothing"),
    ("a: 38.5", {"a": 38.5}, "a plain number with a point"),
    ("a: &x [b]\nc: *x", {"a": ["b"], "c": ["b"]}, "an alias stands for what it names"),
    ("<<: {a: b}\nc: d", {"a": "b", "c": "d"}, "a merge, left to PyYAML"),
    ("!!set {a, b}", {"a", "b"}, "a kind that the book does not use, left to PyYAML"),
    ("=: a", {"=": "a"}, "YAML's sign for a default, left to PyYAML"),
]


@pytest.mark.parametrize(("text", "value", "comment"), READ, ids=[row[2] for row in READ])
def test_what_is_no_plain_text_list_or_mapping_is_read_by_pyyaml(
    tmp_path: Path, text: str, value: object, comment: str
) -> None:
    assert kinds(read(tmp_path, text)) == kinds(value), comment


REFUSED = [
    ("a: 1\na: 2", "one.yaml: line 2: the key 'a' stands twice", "two equal keys"),
    ('"a": 1\na: 2', "one.yaml: line 2: the key 'a' stands twice", "the same key, quoted once"),
    ("- b: {a: 1,\n   a: 1}", "one.yaml: line 2: the key 'a' stands twice", "within a list"),
    ("1: a\n1: b", "one.yaml: line 2: the key '1' stands twice", "two equal numbers"),
    ("1: a\nb: {c: 1, c: 2}", "one.yaml: line 2: the key 'c' stands twice", "below a key that is no text"),
    ("a: &x [*x]", "one.yaml: nested too deep, or an alias that refers to what it stands in", "an endless list"),
    ("a: &x {b: *x}", "one.yaml: nested too deep, or an alias that refers to what it stands in", "an endless block"),
    ("a: !!python/object:x {}", "one.yaml: could not determine a constructor", "an object of a program"),
    ("a\n--- b", "one.yaml: expected a single document", "two documents"),
]


@pytest.mark.parametrize(("text", "fault", "comment"), REFUSED, ids=[row[2] for row in REFUSED])
def test_what_yaml_would_take_in_silence_is_refused_with_file_and_line(
    tmp_path: Path, text: str, fault: str, comment: str
) -> None:
    with pytest.raises(BookError) as refused:
        read(tmp_path, text)
    assert str(refused.value).startswith(fault), comment


WORDS = st.sampled_from(
    ["a", "b", "no", "yes", "1", "0", "1.5", "1:30", "~", "", "2020-01-01", "<<", "=", "x: y", "- z"]
)
DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS | st.text(max_size=8),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(WORDS | st.integers(0, 3), below, max_size=3),
    max_leaves=12,
)


@given(data=DATA, flow=st.booleans())
@example(data={"no": ["1:30", {"": None}]}, flow=True)
def test_what_is_written_as_yaml_is_read_back_whole(
    data: object, flow: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = yaml.safe_dump(data, default_flow_style=flow, allow_unicode=True)
    assert kinds(read(tmp_path_factory.getbasetemp(), text)) == kinds(yaml.safe_load(text))


PIECES = (
    "a",
    "b",
    "1",
    ": ",
    "\n",
    "- ",
    "  ",
    "{",
    "}",
    "[",
    "]",
    ", ",
    "? ",
    "&x ",
    "*x",
    "<<: ",
    "!!str ",
    '"',
    "~",
)


@given(pieces=st.lists(st.sampled_from(PIECES), max_size=14))
def test_whatever_is_read_is_what_pyyaml_reads_and_no_key_of_it_stands_twice(
    pieces: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = "".join(pieces)
    try:
        own = read(tmp_path_factory.getbasetemp(), text)
    except BookError:
        return
    assert kinds(own) == kinds(yaml.safe_load(text))
    assert not list(twice(yaml.compose(text, yaml.SafeLoader)))


def twice(node: yaml.Node | None) -> Iterator[str]:
    """Find scalar keys that stand twice in one mapping of the text, by the nodes alone."""
    below = [] if node is None or isinstance(node, yaml.ScalarNode) else node.value
    if isinstance(node, yaml.MappingNode):
        written = [(key.tag, key.value) for key, _ in below if isinstance(key, yaml.ScalarNode)]
        yield from (value for tag, value in written if written.count((tag, value)) > 1)
        below = [one for pair in below for one in pair]
    for one in below:
        yield from twice(one)
