"""What level each policy gives a complete case by the independent conditions; not the engine, and no trace."""

from .case import Case, Level, highest
from .own_conditions import ARTICLES, GUIDELINES, RECONCILED, REMAINDERS, REPLACED
from .random_cases import random_case

__all__ = ["random_case", "reconciled", "source", "strictest"]


def _additions(case: Case) -> list[Level]:
    return [row.level for row in GUIDELINES if row.holds(case)]


def _reconciled_rows(case: Case) -> list[Level]:
    return [row.level for row in RECONCILED if row.holds(case)]


def strictest(case: Case) -> Level:
    """Return the gravest level that any article, reconciled row or guideline addition asks for."""
    articles = [row.level for row in ARTICLES if row.holds(case)]
    return highest(articles + _reconciled_rows(case) + _additions(case))


def reconciled(case: Case) -> Level:
    """Return the level with each topic's reconciled row in place of the article rows of that topic."""
    replaced = {row for rows in REPLACED.values() for row in rows}
    outside = [row.level for row in ARTICLES if row.id not in replaced and REMAINDERS.get(row.id, row.holds)(case)]
    return highest(outside + _reconciled_rows(case) + _additions(case))


def source(case: Case, article: str) -> Level:
    """Return the level that one article alone asks for: GM, CC or SP."""
    if article not in {"GM", "CC", "SP"}:
        raise ValueError(article)
    return highest([row.level for row in ARTICLES if row.source == article and row.holds(case)])
