"""The definitions that are compiled from FSH, as the installed service holds them; it compiles nothing.

The file compiled.json beside this module holds what `make fsh` put into fhir_profiles, one definition per line;
tests/judges/pack_compiled.py writes it, and says when it is stale.
"""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("compiled.json")


def compiled() -> list[dict[str, Any]]:
    """List the compiled definitions, each with resourceType and id."""
    read: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"), parse_float=Decimal)
    return read
