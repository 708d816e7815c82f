"""An empty store on each database, so that every test of the store runs on both."""

from tests.databases import new_url, postgresql_server, store, url

__all__ = ["new_url", "postgresql_server", "store", "url"]
