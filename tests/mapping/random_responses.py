"""Random valid responses, as hypothesis strategies: any answers, whether the form would show their questions or not."""

from decimal import Decimal

from hypothesis import strategies as st

from service.knowledge.form import Item
from service.mapping.canonical import NONE_OF_THESE, NOT_SURE
from tests.mapping.responses import ITEMS, Json, Said, response

STATUSES = ("completed", "amended", "in-progress", "stopped")


def what_is_said(item: Item) -> st.SearchStrategy[Said]:
    """Say anything that the question allows, or nothing; mostly no, so that a form goes on for long."""
    no, other = _sayable(item)
    return st.sampled_from(range(10)).flatmap(lambda dice: no if dice < 7 else other if dice < 9 else st.none())


def _sayable(  # noqa: PLR0911 - one return for each kind of question
    item: Item,
) -> tuple[st.SearchStrategy[Said], st.SearchStrategy[Said]]:
    match item.kind:
        case "boolean":
            return st.just(item.link_id == "upper-back-pain"), st.booleans()
        case "yes-no-not-sure":
            return st.just("no"), st.sampled_from(["yes", NOT_SURE])
        case "checklist":
            some = st.lists(st.sampled_from([*item.findings, NOT_SURE]), min_size=1, max_size=4, unique=True)
            return st.just([NONE_OF_THESE]), some
        case "choice":
            return st.sampled_from(item.options), st.sampled_from(item.options)
        case "choices":
            some = st.lists(st.sampled_from(item.options[:-1]), min_size=1, max_size=4, unique=True)
            return st.just([item.options[-1]]), some
        case "integer":
            numbers = st.integers(int(item.minimum or 0), int(item.maximum or 0))
            return numbers, numbers
        case "quantity":
            amounts = st.decimals(item.minimum, item.maximum, places=1)
            measured = amounts.map(lambda number: (Decimal(number), item.unit))
            return measured, measured
        case _:
            return st.none(), st.just("It began at work.")


SAID: st.SearchStrategy[dict[str, Said]] = st.fixed_dictionaries(
    {link_id: what_is_said(item) for link_id, item in ITEMS.items()}
)


@st.composite
def responses(draw: st.DrawFn) -> Json:
    """Draw a response of any status that is triaged."""
    return response(draw(SAID), status=draw(st.sampled_from(STATUSES)))
