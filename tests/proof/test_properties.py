"""Each property fails on a book that breaks it, and its counterexample can be posted and shows the fault."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from service.engine.assess import assess
from service.engine.proof import all_properties, logic, property as found, reach
from service.engine.proof.property import Failure, refuted
from service.knowledge.condition import AtLeast, Compares, Condition, Holds, Not, UnlessAll
from service.knowledge.form import Item
from service.knowledge.model import Activity, RuleBook
from service.settings import Limits
from service.usecases.counterexample import response_of
from tests.mapping.reading import read
from tests.proof.any_patient import BOOK

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
