"""The database: one declarative base, the column types of the house, and SQLite made fit for several writers."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, TypeVar

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    Engine,
    Integer,
    MetaData,
    String,
    event,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator

from .transaction import is_writing

Item = TypeVar("Item")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant: `timestamptz` on PostgreSQL, UTC text on SQLite. Refuses naive values."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


#: A JSON document: `jsonb` on PostgreSQL, text on SQLite.
Json = JSON().with_variant(JSONB(), "postgresql")
#: A surrogate key: 64 bits on PostgreSQL, the rowid on SQLite.
Key = BigInteger().with_variant(Integer(), "sqlite")
#: Short codes of our own (states, roles, kinds).
Code = String(40)


def check_codes(column: str, codes: Iterable[str]) -> CheckConstraint:
    """The database refuses whatever is not one of these codes: the members of an enum, or some of them."""
    listed = ", ".join(f"'{code}'" for code in codes)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class Base(DeclarativeBase):
    registry = registry(type_annotation_map={int: Key})
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class sha256(GenericFunction[str]):  # noqa: N801 named as in SQL
    """SHA-256 of a text (in UTF-8) in hexadecimal."""

    type = String()
    inherit_cache = True


@compiles(sha256, "postgresql")
def _sha256_of_bytes(element: sha256, compiler: Any, **more: Any) -> str:
    text = compiler.process(element.clauses, **more)
    return f"encode(sha256(convert_to({text}, 'UTF8')), 'hex')"


class OneDatabase(Session):
    """A session of the one database that there is, found once and not for every statement."""

    def __init__(self, db: SQLAlchemy, **options: Any) -> None:
        super().__init__(db, **options | {"bind": db.engine})

    def get_bind(self, *_: Any, **__: Any) -> Any:
        """The engine, whatever is asked."""
        return self.bind


db = SQLAlchemy(
    model_class=Base, session_options={"class_": OneDatabase, "expire_on_commit": False}
)


def prepare_sqlite(engine: Engine) -> None:
    """Have every new connection of an SQLite engine keep its rules, hash as PostgreSQL does, and begin when it must.

    To be heard by this engine alone: SQLAlchemy looks for listeners around every statement of one that has any.
    """

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # BEGIN is ours, see below
        for pragma in (
            "foreign_keys=ON",
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "busy_timeout=10000",
            "recursive_triggers=ON",  # else INSERT OR REPLACE deletes without asking the triggers
        ):
            connection.execute(f"PRAGMA {pragma}")
        connection.create_function("sha256", 1, _sha256, deterministic=True)

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing() else "BEGIN")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def engine_name() -> str:
    """`postgresql` or `sqlite`: what the session speaks to."""
    return db.session.get_bind().dialect.name


def refer(row: Item, **others: Any) -> Item:
    """Point a row at rows that the database holds already (or at none): `refer(booking, applicant=person)`; returns it.

    Key and object are set at once, for relationships that are `viewonly`: of others, each object has the unit of work
    put one more table in order with every flush, which costs more than writing the row.
    """
    for name, other in others.items():
        setattr(row, f"{name}_id", other.id if other is not None else None)
        set_committed_value(row, name, other)
    return row


#: A connection that was used so many seconds ago is taken as it is; one that rested longer is tried first.
_RESTED = 2.0


def try_rested_connections(engine: Engine) -> None:
    """Have a connection that rested in the pool prove that the server still answers, before anything relies on it.

    Trying every connection every time (`pool_pre_ping`) costs a round trip in each transaction, and still misses a
    server that goes away a moment later.
    """

    @event.listens_for(engine, "checkin")
    def _note(_connection: Any, record: Any) -> None:
        record.info["put_back"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _try(connection: Any, record: Any, _proxy: Any) -> None:
        put_back = record.info.get("put_back")
        if put_back is None or time.monotonic() - put_back < _RESTED:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError() from error
