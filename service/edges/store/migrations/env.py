"""Runs the migrations on the connection that ``migrate`` hands over; Alembic calls it, nothing imports it."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transaction_per_migration=False)
context.run_migrations()
