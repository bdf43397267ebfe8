"""Alembic's environment: the application's own engine and metadata."""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import Table
from sqlalchemy.sql.schema import SchemaItem

db = current_app.extensions["migrate"].db

#: Search indexes are made by hand, in the form of each engine.
_BY_HAND = ("instrument_search",)


def include_object(item: SchemaItem, name: str | None, kind: str, *_: object) -> bool:
    return not (kind == "table" and (name or "").startswith(_BY_HAND) and isinstance(item, Table))


def run() -> None:
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            include_object=include_object,
            compare_type=True,
            render_as_batch=connection.dialect.name == "sqlite",
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Migrations run online only: the guards depend on the engine.")
run()
