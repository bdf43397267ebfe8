"""Reading the people of institutions, as rows."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from ...foundation.database import db
from ...foundation.documents.sheet import Cell
from ..models import Institution, Person


def people_of(institutions: Collection[Institution]) -> list[list[Cell]]:
    """Mail address, name, language and standing of everybody, by address."""
    rows = db.session.execute(
        select(
            Person.email, Person.display_name, Person.language, Person.verification,
            Person.suspended_at,
        )
        .where(Person.institution_id.in_([each.id for each in institutions]))
        .order_by(Person.email)
    )  # fmt: skip
    return [
        [row.email, row.display_name, row.language,
         "suspended" if row.suspended_at else row.verification]
        for row in rows
    ]  # fmt: skip
