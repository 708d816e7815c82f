"""Makes a sample body speak of the present moment, so that its answers are not old; for demonstrations only."""

import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from service.mapping.writing.json_bytes import dump
from service.usecases.triage import now


def authored_now(body: bytes, clock: Callable[[], datetime] = now) -> bytes:
    """Return the body with every QuestionnaireResponse authored at the present moment; all else stays as it is."""
    moment = clock().isoformat(timespec="seconds")
    return dump(_stamped(json.loads(body, parse_float=Decimal), moment))


def _stamped(content: Any, moment: str) -> Any:  # noqa: ANN401 - JSON of any shape
    match content:
        case {"resourceType": "QuestionnaireResponse"}:
            return {**content, "authored": moment}
        case dict():
            return {key: _stamped(value, moment) for key, value in content.items()}
        case list():
            return [_stamped(value, moment) for value in content]
        case _:
            return content
