"""Draws the figures of a run as one SVG: bars with their least and greatest round; it decides nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from tests.bench.figures import AT_LEAST, Figure, Run
from tests.bench.table import asked, number, spread

WIDTH, LABELS, BARS, LINE = 1120, 500, 300, 24
FONT = 'font-family="sans-serif" font-size="13" fill="#1a1a1a"'
MET, MISSED, PLAIN = "#2f6f4f", "#b3402a", "#3b5b92"


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart: its label, its least, middle and greatest length as shares of the chart, and its words."""

    label: str
    least: float
    middle: float
    most: float
    words: str
    colour: str = PLAIN


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars under one title; ``mark`` is where the line of the goal stands, None for no line."""

    title: str
    bars: Sequence[Bar]
    mark: float | None = None

    @property
    def height(self) -> int:
        return LINE * (len(self.bars) + 2)


def svg(run: Run) -> str:
    """Draw how much of each goal's limit is used, what each server answers, and where the time of a request goes."""
    charts = [chart for chart in (_goals(run), *_absolute(run)) if chart.bars]
    parts, top = [], 2 * LINE
    for chart in charts:
        parts += list(_drawn(chart, top))
        top += chart.height
    title = f'<text x="16" y="{LINE}" {FONT} font-weight="bold">Measured on {escape(run.machine)}</text>'
    size = f'width="{WIDTH}" height="{top}" viewBox="0 0 {WIDTH} {top}"'
    white = f'<rect width="{WIDTH}" height="{top}" fill="#ffffff"/>'
    return "\n".join((f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">', white, title, *parts, "</svg>\n"))


def _goals(run: Run) -> Chart:
    """Draw a bar per goal: full at the line is all that is allowed, beyond it is missed; none is drawn past twice."""
    figures = [(row.name, figure) for row in run.rows for figure in row.figures if figure.goal]
    bars = [_used(f"{row}: {figure.name}", figure) for row, figure in figures]
    return Chart("Share of what each goal allows (the line is the goal)", bars, mark=0.5)


def _used(label: str, figure: Figure) -> Bar:
    assert figure.goal is not None
    limit, is_floor = figure.goal.limit, figure.goal.side == AT_LEAST
    shares = sorted((limit / one if is_floor else one / limit) if one else 0.0 for one in figure.values)
    middle = limit / figure.median if is_floor else figure.median / limit
    colour = MET if figure.verdict == "met" else MISSED
    words = f"{number(figure.median)} ({asked(figure)}): {figure.verdict}"
    least, half, most = (min(1.0, one / 2) for one in (shares[0], middle, shares[-1]))
    return Bar(label, least, half, most, words, colour)


def _absolute(run: Run) -> Iterator[Chart]:
    for row in run.rows:
        for unit in dict.fromkeys(figure.unit for figure in row.figures if figure.is_absolute):
            figures = [figure for figure in row.figures if figure.unit == unit]
            longest = max(max(figure.values) for figure in figures) or 1.0
            yield Chart(f"{row.name}, {unit} here", [_long(figure, longest) for figure in figures])


def _long(figure: Figure, longest: float) -> Bar:
    lengths = (min(figure.values) / longest, figure.median / longest, max(figure.values) / longest)
    return Bar(figure.name, *lengths, spread(figure))


def _drawn(chart: Chart, top: int) -> Iterator[str]:
    yield f'<text x="16" y="{top + 16}" {FONT} font-weight="bold">{escape(chart.title)}</text>'
    for number_of_line, bar in enumerate(chart.bars, 1):
        yield from _bar(bar, top + number_of_line * LINE)
    if chart.mark is not None:
        at, end = LABELS + chart.mark * BARS, top + (len(chart.bars) + 1) * LINE
        yield f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{top + LINE}" y2="{end}" stroke="#1a1a1a"/>'


def _bar(bar: Bar, top: int) -> Iterator[str]:
    least, middle, most = (one * BARS for one in (bar.least, bar.middle, bar.most))
    yield f'<text x="{LABELS - 8}" y="{top + 16}" {FONT} text-anchor="end">{escape(bar.label)}</text>'
    yield f'<rect x="{LABELS}" y="{top + 4}" width="{max(1.0, middle):.1f}" height="{LINE - 8}" fill="{bar.colour}"/>'
    at = top + LINE // 2
    yield f'<line x1="{LABELS + least:.1f}" x2="{LABELS + most:.1f}" y1="{at}" y2="{at}" stroke="#1a1a1a"/>'
    yield f'<text x="{LABELS + BARS + 8}" y="{top + 16}" {FONT}>{escape(bar.words)}</text>'
