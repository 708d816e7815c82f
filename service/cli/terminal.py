"""Where the commands print: colours on a terminal alone, and no character that could take over a terminal."""

import os
import re
import sys
from typing import TextIO

from rich.console import Console
from rich.text import Text

WIDEST = 100
NARROW = 80
UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, and those that turn text round: they come from answers, and a terminal would obey them."""


def screen(*, errors: bool = False) -> Console:
    """Open standard output, or standard error, for printing: plain text where it is no terminal or NO_COLOR is set."""
    stream = sys.stderr if errors else sys.stdout
    coloured = stream.isatty() and not os.environ.get("NO_COLOR")
    console = Console(
        file=_forgiving(stream),
        color_system="auto" if coloured else None,
        force_terminal=None if coloured else False,
        markup=False,
        emoji=False,
        highlight=False,
    )
    console.width = min(console.width, WIDEST) if stream.isatty() else NARROW
    return console


def point(console: Console, mark: str | Text, words: Text) -> None:
    """Print words after a mark; later lines stand under the words and not under the mark."""
    lead = Text(mark) if isinstance(mark, str) else mark
    for line in words.wrap(console, console.width - len(lead)):
        line.rstrip()
        console.print(Text.assemble(lead, line), soft_wrap=True)
        lead = Text(" " * len(lead))


def is_plain(console: Console) -> bool:
    """Tell whether a console prints neither colours nor boxes."""
    return console.color_system is None


def safe(text: str) -> str:
    """Make any text one line that a terminal only shows: white space becomes a space, what is unsafe a mark."""
    return UNSAFE.sub("\ufffd", " ".join(text.split()))


def _forgiving(stream: TextIO) -> TextIO:
    """Let a stream that cannot hold a character print a mark in its place instead of failing."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")
    return stream
