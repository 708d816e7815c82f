"""Runs the application on gunicorn; its three subclasses are gunicorn's own way of being set up, and hold no logic."""

import gc
import sys
from collections.abc import Callable
from pathlib import Path
from socket import socket

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # gunicorn ships no types
from gunicorn.glogging import Logger  # type: ignore[import-untyped]  # gunicorn ships no types
from gunicorn.util import write_nonblock  # type: ignore[import-untyped]  # gunicorn ships no types
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]  # gunicorn ships no types

from service.settings import Settings, check
from service.web.logs import json_formatter, json_log
from service.web.unreadable import answer_unreadable

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn's heartbeat only; no request ever touches it


def serve(settings: Settings, load: Callable[[], Flask]) -> None:
    """Answer requests until a signal ends the process.

    ``load`` builds the application once, before the workers are forked, so that a rule book that does not load stops
    the start. Raises InvalidSettings where settings do not go together.
    """
    check(settings)
    application = _kept(load)
    if settings.issuers is None:
        json_log(sys.stderr, settings.log_level).warning("no authentication", trusted_network=settings.trusted_network)
    TriageApplication(application, gunicorn_options(settings)).run()


def _kept(load: Callable[[], Flask]) -> Flask:
    """Load the application without the collector, and have it look through what was loaded once, at the end.

    What is left never becomes garbage: the collector need not look at it again, and the workers share its memory.
    """
    gc.freeze()
    gc.disable()
    try:
        application = load()
        gc.collect()
        gc.freeze()
    finally:
        gc.enable()
    return application


def gunicorn_options(settings: Settings) -> dict[str, object]:
    """Return gunicorn's options; what an operator can choose comes from the settings, the rest is fixed here."""
    return {
        "bind": bind_address(settings.host, settings.port),
        "workers": settings.workers,
        "threads": settings.threads,
        "worker_class": TriageWorker,
        "logger_class": TriageLogger,
        "preload_app": True,
        "timeout": 30,
        "graceful_timeout": 30,
        "keepalive": 5,
        "limit_request_line": 4094,
        "limit_request_fields": 64,
        "limit_request_field_size": 8190,
        # The access log is ours: gunicorn's would hold paths and queries. Its debug lines quote what clients send.
        "accesslog": None,
        "errorlog": "-",
        "loglevel": "info" if settings.log_level == "debug" else settings.log_level,
        # One parser everywhere, the one that the tests have seen; no control socket, so that no directory is written.
        "http_parser": "python",
        "control_socket_disable": True,
        "worker_tmp_dir": str(SHARED_MEMORY) if SHARED_MEMORY.is_dir() else None,
    }


def bind_address(host: str, port: int) -> str:
    """Return the address in gunicorn's form: an IPv6 address stands in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


class TriageApplication(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """Hand a loaded application and its options to gunicorn."""

    def __init__(self, application: Flask, options: dict[str, object]) -> None:
        self.application = application
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Take the options as they are: no file, command line or variable of gunicorn's own can change them."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Return the application that was loaded before gunicorn started."""
        return self.application


class TriageLogger(Logger):  # type: ignore[misc]  # gunicorn ships no types
    """Write gunicorn's own lines in the form of ours."""

    def setup(self, cfg: object) -> None:
        """Set the formatter after gunicorn has set up its log."""
        super().setup(cfg)
        for each in self.error_log.handlers:
            each.setFormatter(json_formatter())


class TriageWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """Answer what gunicorn itself refuses the way everything else is answered."""

    def handle_error(self, _request: object, client: socket, _address: object, error: Exception) -> None:
        """Send an OperationOutcome; gunicorn's own answer is HTML, and its log line would quote the request."""
        unreadable = answer_unreadable(error)
        facts = {"status": unreadable.status, "request_id": unreadable.request_id, "exception": type(error).__name__}
        self.log.warning("request that could not be read", extra=facts)
        try:
            write_nonblock(client, unreadable.response)
        except OSError:
            self.log.info("the client was gone before it could be answered")
