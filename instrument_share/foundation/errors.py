"""What can go wrong in the domain. Faces turn these into RFC 9457 problems or pages in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, TypeAlias

from flask_babel import LazyString, lazy_gettext

Text: TypeAlias = str | LazyString


class DomainError(Exception):
    """What went wrong: a stable `code`, an HTTP `status`, a translatable `message` and structured `details`.

    `fields` names the form fields that caused it, each with what to do about it.
    """

    code: str = "refused"
    status: ClassVar[int] = 409
    message: Text = lazy_gettext("This cannot be done.")

    def __init__(
        self,
        message: Text | None = None,
        *,
        fields: Mapping[str, Text] | None = None,
        **details: Any,
    ) -> None:
        self.message = message if message is not None else self.message
        self.fields = dict(fields or {})
        self.details = details
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.message)

    @property
    def by_field(self) -> dict[str, Text]:
        """What a form shows: the sentence of each field, or the refusal itself at `_form` where no field caused it."""
        return dict(self.fields) or {"_form": self.message}

    @property
    def in_one_line(self) -> str:
        """The same where there is no form to show it in."""
        return " ".join(map(str, self.by_field.values()))


class Refusal(DomainError):
    """What a view shows where it was asked for, with what was typed; the other errors have pages of their own."""


class InvalidInput(Refusal):
    """Values that do not mean anything, told field by field."""

    code = "invalid"
    status = 422
    message = lazy_gettext("Some values need your attention.")


class NotFound(DomainError):
    """There is no such thing, or nothing that the asker may know of."""

    code = "not_found"
    status = 404
    message = lazy_gettext("There is nothing at this address.")


class NotAuthenticated(DomainError):
    code = "not_authenticated"
    status = 401
    message = lazy_gettext("Sign in to continue.")


class Forbidden(DomainError):
    code = "forbidden"
    status = 403
    message = lazy_gettext("You may not do this.")


class StaleVersion(Refusal):
    code = "stale_version"
    status = 409
    message = lazy_gettext(
        "Somebody changed this in the meantime. Look at it again before you go on."
    )


class VersionRequired(Refusal):
    code = "version_required"
    status = 428
    message = lazy_gettext("Say in an If-Match header which version you act on.")


class ReadOnly(Refusal):
    """The request may look and change nothing: somebody views the site as somebody else."""

    code = "read_only"
    status = 403
    message = lazy_gettext(
        "You are viewing the site as somebody else: nothing can be changed, and what is theirs alone is not shown. "
        "Stop viewing to go on as yourself."
    )
