"""Many values to and from the database at once: one parameter in, one value out, whatever their count.

`IN` with a parameter for each of ten thousand ids is slow on every engine and more than some take; a row for each
of them costs Python more than the database.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, ClassVar, TypeVar

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    BindParameter,
    ColumnElement,
    Dialect,
    Integer,
    Text,
    column,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.sql.selectable import TableValuedAlias
from sqlalchemy.types import TypeDecorator, TypeEngine

from .database import Json, engine_name

Item = TypeVar("Item")
_CODE = re.compile(r"[a-z0-9_.]+")


class _Many(TypeDecorator[list[Item]]):
    """A list of like values: an array on PostgreSQL, JSON on SQLite."""

    impl = Text
    item: ClassVar[type[TypeEngine[Any]]]

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        is_array = dialect.name == "postgresql"
        return dialect.type_descriptor(ARRAY(self.item) if is_array else Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return list(value) if dialect.name == "postgresql" else json.dumps(list(value))

    def process_result_value(self, value: Any, dialect: Dialect) -> list[Item]:
        return json.loads(value) if isinstance(value, str) else list(value or ())


class Numbers(_Many[int]):
    """A list of whole numbers."""

    cache_ok = True
    item = BigInteger


class Texts(_Many[str]):
    """A list of texts."""

    cache_ok = True
    item = Text


def listed(many: Iterable[int] | BindParameter[Any]) -> TableValuedAlias:
    """A table of the numbers, or of a parameter of type `Numbers` or `Texts`, in its one column `value` and order."""
    given = many if isinstance(many, BindParameter) else literal(many, Numbers())
    kind: Any = given.type
    value: ColumnElement[Any] = column("value", kind.item)
    if engine_name() == "postgresql":
        return func.unnest(given).table_valued(value).render_derived()
    return func.json_each(given).table_valued(value)


def among(number: Any, numbers: Iterable[int] | BindParameter[Any]) -> ColumnElement[bool]:
    """Whether a column's number is one of these."""
    found: ColumnElement[bool] = number.in_(select(listed(numbers).c.value))
    return found


def one_of(column: Any, values: Iterable[Any]) -> ColumnElement[bool]:
    """`IN` with codes of our own (or parameters) that are part of the statement.

    A list given to `in_` is written into the statement again each time that it is executed: a statement that is kept
    and asked all day is quicker without.
    """
    fixed = [each if isinstance(each, BindParameter) else written(each) for each in values]
    found: ColumnElement[bool] = column.in_(fixed)
    return found


def written(code: str) -> ColumnElement[str]:
    """A code of our own as a word of the statement, which is not sent with it each time. Never for what people say.

    Raises ValueError for what is not a code.
    """
    if not _CODE.fullmatch(code):
        raise ValueError(f"not a code: {code!r}")
    return literal_column(f"'{code}'", Text())


class collected(GenericFunction[list[int]]):  # noqa: N801 a function of SQL
    """The numbers of a group as one list."""

    type = Numbers()
    inherit_cache = True


class gathered(GenericFunction[Any]):  # noqa: N801 a function of SQL
    """The values of a group, texts or documents, as one list; NULL where there is none."""

    type = Json
    inherit_cache = True


class seconds_of(GenericFunction[int]):  # noqa: N801 a function of SQL
    """An instant as whole seconds since the epoch."""

    type = Integer()
    inherit_cache = True


@compiles(collected, "postgresql")
def _collected_postgresql(element: Any, compiler: Any, **more: Any) -> str:
    return f"array_agg({compiler.process(element.clauses, **more)})"


@compiles(collected, "sqlite")
def _collected_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    return f"json_group_array({compiler.process(element.clauses, **more)})"


@compiles(gathered, "postgresql")
def _gathered_postgresql(element: Any, compiler: Any, **more: Any) -> str:
    return f"jsonb_agg({compiler.process(element.clauses, **more)})"


@compiles(gathered, "sqlite")
def _gathered_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    """A document comes as text there, and would be quoted again."""
    (value,) = element.clauses
    text = compiler.process(value, **more)
    is_document = isinstance(value.type, JSON)
    return f"json_group_array({f'json({text})' if is_document else text})"


@compiles(seconds_of, "postgresql")
def _seconds_postgresql(element: Any, compiler: Any, **more: Any) -> str:
    return f"CAST(extract(epoch FROM {compiler.process(element.clauses, **more)}) AS BIGINT)"


@compiles(seconds_of, "sqlite")
def _seconds_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **more)}) AS INTEGER)"
