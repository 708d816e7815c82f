"""How many examples a property tries while it judges mutants: few at first, always the same, none made smaller."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

FEW = 25
_OWN = "_hypothesis_internal_use_settings"
"""Where hypothesis keeps a property's settings; it offers no other way to change them once tests are collected."""


def examples_of(item: pytest.Item) -> settings | None:
    """Return the settings of a property, None of another test."""
    found: settings | None = getattr(getattr(item, "obj", None), _OWN, None)
    return found


def try_few(item: pytest.Item) -> None:
    """Let a property try a few examples."""
    own = examples_of(item)
    if own is not None:
        try_as_many(item, settings(own, max_examples=min(own.max_examples, FEW)))


def try_as_many(item: pytest.Item, own: settings | None) -> None:
    """Let a property try as many examples as its settings say."""
    if own is not None:
        repeatable = settings(
            own,
            derandomize=True,
            database=None,
            deadline=None,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        )
        setattr(_function(item), _OWN, repeatable)


def _function(item: pytest.Item) -> Any:
    test = getattr(item, "obj", None)
    return getattr(test, "__func__", test)
