"""Institutions that callers name by slug."""

from __future__ import annotations

from flask_babel import gettext

from ..foundation.errors import InvalidInput
from ..identity.models import Institution
from ..identity.queries import institution_by_slug


def institution_named(slug: str | None, *, field: str) -> Institution | None:
    """The institution of that slug, None where none is named. Raises InvalidInput for one that nobody knows."""
    if not slug:
        return None
    found = institution_by_slug(slug)
    if found is None:
        raise InvalidInput(fields={field: gettext("There is no institution of this name.")})
    return found
