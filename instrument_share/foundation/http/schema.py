"""Base schema and the field types of the house. Only schemas turn outside data into typed values."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from flask_babel import LazyString, gettext, lazy_gettext
from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, pre_load

from ..errors import InvalidInput

#: Calendars, databases and time zones agree on what lies between; at the ends of what Python counts, zones fail.
EARLIEST, LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2999, 12, 30, tzinfo=UTC)


class BaseSchema(Schema):
    """Refuses fields it does not know, so that nothing is assigned by accident, and text that cannot be stored."""

    class Meta:
        unknown = RAISE

    error_messages = {
        "unknown": lazy_gettext("There is no such field."),
        "type": lazy_gettext("Send a JSON object."),
    }

    @pre_load
    def _check_storable(self, data: Any, **_: Any) -> Any:
        """JSON can say half a surrogate and NUL, in any string; no field has to think of them."""
        if isinstance(data, Mapping):
            wrong = [name for name, value in data.items() if not all(map(_storable, _texts(value)))]
            if wrong:
                raise ValidationError(dict.fromkeys(wrong, Text.default_error_messages["control"]))
        return data


class FormSchema(BaseSchema):
    """What a page's form sends: the CSRF token and the button that was pressed come with it, and are left out."""

    class Meta:
        unknown = EXCLUDE


def _texts(value: Any) -> Iterator[str]:
    """Every string in a JSON value, the names in its objects too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield from _texts(name)
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _storable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


class Text(fields.String):
    """Text as people write it: trimmed, NFC, no control characters; several lines only where `lines` is set."""

    default_error_messages = {
        "required": lazy_gettext("Fill this in."),
        "null": lazy_gettext("Fill this in."),
        "invalid": lazy_gettext("Send text here."),
        "empty": lazy_gettext("Fill this in."),
        "control": lazy_gettext("Remove the line breaks and control characters."),
    }

    def __init__(self, *, most: int = 200, lines: bool = False, **more: Any) -> None:
        super().__init__(**more)
        self.most, self.lines = most, lines
        self.metadata = {"maxLength": most, **self.metadata}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        text = super()._deserialize(value, attr, data, **more)
        text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()
        allowed = "\n\t" if self.lines else ""
        if any(unicodedata.category(c) in ("Cc", "Cs") and c not in allowed for c in text):
            raise self.make_error("control")
        if self.required and not text:
            raise self.make_error("empty")
        if len(text) > self.most:
            raise ValidationError(
                gettext("Shorten this to at most %(most)s characters.", most=self.most)
            )
        return text


class Instant(fields.Field[datetime]):
    """An RFC 3339 time with offset, as an aware UTC datetime. One without offset is refused."""

    default_error_messages = {
        "required": lazy_gettext("Give a time."),
        "null": lazy_gettext("Give a time."),
        "invalid": lazy_gettext(
            "Write the time as in 2026-03-01T09:00:00+08:00; this one does not exist."
        ),
        "naive": lazy_gettext("Add the offset from UTC, as in 2026-03-01T09:00:00+08:00."),
    }

    def _serialize(
        self, value: datetime | None, attr: str | None, obj: Any, **more: Any
    ) -> str | None:
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value else None

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> datetime:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        try:
            moment = datetime.fromisoformat(value.strip())
            if moment.tzinfo is None:
                raise self.make_error("naive")
            if not EARLIEST <= moment <= LATEST:
                raise self.make_error("invalid")
            return moment.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            if isinstance(error, ValidationError):
                raise
            raise self.make_error("invalid") from None


class Day(fields.Date):
    """A calendar day as a browser's control sends it, `2026-12-01`."""

    default_error_messages = {
        "required": lazy_gettext("Give a day."),
        "null": lazy_gettext("Give a day."),
        "invalid": lazy_gettext("Write the day as in 2026-12-01."),
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> date:
        day = super()._deserialize(value, attr, data, **more)
        if not EARLIEST.date() <= day <= LATEST.date():
            raise self.make_error("invalid")
        return day


class WallTime(fields.Field[time]):
    """A time of day as the browser's control sends it, `09:00`."""

    default_error_messages = {
        "required": lazy_gettext("Give a time."),
        "null": lazy_gettext("Give a time."),
        "invalid": lazy_gettext("Write the time in hours and minutes, as in 09:30."),
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> time:
        try:
            parsed = time.fromisoformat(str(value).strip())
        except ValueError:
            raise self.make_error("invalid") from None
        if parsed.tzinfo is not None:
            raise self.make_error("invalid")
        return parsed.replace(second=0, microsecond=0)


class WholeNumber(fields.Integer):
    default_error_messages = dict.fromkeys(
        ("required", "null", "invalid", "too_large"), lazy_gettext("Write a whole number.")
    )


def one_sentence(sentence: LazyString) -> dict[str, LazyString]:
    """The `error_messages` of a field that says the same whatever is wrong with it."""
    return dict.fromkeys(("required", "null", "invalid", "unknown"), sentence)


def load(schema: Schema, data: Mapping[str, Any]) -> Any:
    """What the schema makes of `data`. Raises InvalidInput with the first message of every field."""
    try:
        return schema.load(data)
    except ValidationError as error:
        raise InvalidInput(fields=flat(error.normalized_messages())) from None


def flat(messages: Mapping[Any, Any], prefix: str = "") -> dict[str, str]:
    """marshmallow's nested messages as `{"samples.0.count": "…"}`, one sentence a field."""
    found: dict[str, str] = {}
    for key, value in messages.items():
        name = f"{prefix}{key}" if key != "_schema" else prefix.rstrip(".") or "request"
        if isinstance(value, Mapping):
            found |= flat(value, f"{name}.")
        else:
            found[name] = str(value[0] if isinstance(value, list) else value)
    return found
