"""Says where the time of one request goes, layer by layer, and what one run of the engine takes."""

from collections.abc import Sequence
from statistics import median

from tests.bench import engine, layers
from tests.bench.figures import AT_MOST, Figure, Goal, Row, Run
from tests.bench.plan import Plan
from tests.bench.serving import NAME, OURS

LAYERS, ENGINE = "inside one request", "engine"
MILLION = 1_000_000
HTTP = "HTTP: gunicorn, Flask, the socket"


def measure_layers(_plan: Plan, done: Sequence[Row]) -> Row:
    """Time each layer in this process; HTTP is what is left of a request to the service, if measured."""
    spent = layers.measure()
    total = spent.pop("total")
    served = Run("", tuple(done)).figure(NAME, OURS)
    if served:
        spent[HTTP] = MILLION / served.median - total
    figures = tuple(Figure(name, (one,), "µs") for name, one in spent.items())
    return Row(LAYERS, f"the mix, medians of {layers.ROUNDS} rounds", figures)


def measure_engine() -> Row:
    """Time one run of the engine on each kind of response, of which others were judged before."""
    figures = []
    for name, kind in engine.KINDS.items():
        goal = Goal(AT_MOST, 15.0)
        told = {part: median(times) for part, times in engine.measured(kind)}
        figures.append(Figure(f"{name}: a response met for the first time", (told["engine, new"],), "µs", goal))
        figures.append(Figure(f"{name}: the same once more", (told["engine, again"],), "µs"))
    return Row(ENGINE, f"medians of {engine.MEASURED} responses, the whole book with its trace", tuple(figures))
