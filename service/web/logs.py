"""Writes log lines as JSON, without bodies, queries, paths, identifiers or the texts of exceptions."""

from collections.abc import Mapping
from pathlib import Path
from traceback import extract_tb
from typing import TextIO

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

TIME = structlog.processors.TimeStamper(fmt="iso", utc=True, key="time")
LINE = structlog.processors.JSONRenderer()


def json_log(stream: TextIO, level: str) -> FilteringBoundLogger:
    """Return a log that writes one JSON object per line; ``level`` is the least that is written."""
    log: FilteringBoundLogger = structlog.wrap_logger(
        structlog.WriteLogger(stream),
        processors=[structlog.processors.add_log_level, TIME, LINE],
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
    return log


def json_formatter() -> structlog.stdlib.ProcessorFormatter:
    """Return a formatter that gives gunicorn's own lines the same form; an exception is named, not quoted."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_log_level, structlog.stdlib.ExtraAdder(), TIME],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _name_exception, LINE],
    )


def describe_exception(error: BaseException) -> dict[str, object]:
    """Name an exception by its type and where it was raised; its message may hold answers and is left out."""
    frames = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in extract_tb(error.__traceback__)]
    return {"exception": type(error).__qualname__, "frames": frames}


def _name_exception(_log: WrappedLogger, _method: str, event: EventDict) -> Mapping[str, object]:
    error_information = event.pop("exc_info", None)
    if isinstance(error_information, tuple) and isinstance(error_information[1], BaseException):
        event.update(describe_exception(error_information[1]))
    return event
