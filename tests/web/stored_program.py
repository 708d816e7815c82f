"""The whole service on gunicorn, the real rules and a real store on SQLite in the folder that is its argument.

Run as a program it serves with the settings of its environment; the tests start it in a process of its own.
"""

import sys

from flask import Flask

from service.edges.store.connect import engine_of
from service.edges.store.migrate import upgrade
from service.edges.store.store import Store
from service.settings import Settings, read_settings
from service.usecases.responses import Responses
from service.usecases.triage import Triage
from service.web.app import create_app
from service.web.gunicorn import serve
from service.web.parts import Storage
from tests.real_book import proven_book
from tests.web.small_service import OPERATION_DEFINITION, QUESTIONNAIRE


def load(settings: Settings, folder: str) -> Flask:
    """Build the application around a store in a folder."""
    book = proven_book()
    engine = engine_of(f"sqlite:///{folder}/store.sqlite3")
    upgrade(engine)
    engine.dispose()
    store = Store(engine)
    storage = Storage(store, Responses(book, settings, store))
    return create_app(Triage(book, settings), settings, (QUESTIONNAIRE, OPERATION_DEFINITION), storage=storage)


if __name__ == "__main__":
    chosen = read_settings()
    serve(chosen, lambda: load(chosen, sys.argv[1]))
