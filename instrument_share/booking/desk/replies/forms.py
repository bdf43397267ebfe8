"""The form of a saved reply, with a text for each language of the site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from marshmallow import ValidationError, validates_schema

from ....foundation.http.schema import FormSchema, Text, load
from ....foundation.languages import LANGUAGES
from .models import SavedReply
from .services import ReplyTexts

_MOST = 2000


class _ReplyForm(FormSchema):
    title = Text(required=True, most=120)
    facility = Text(load_default="")

    @validates_schema(pass_original=True)
    def _says_something(self, data: dict[str, Any], *_: Any, **__: Any) -> None:
        if not any(data.get(f"text_{index}") for index, _language in enumerate(LANGUAGES)):
            raise ValidationError(gettext("Write the text in at least one language."), "text_0")


#: One field for each language: names of schema fields have no hyphens.
ReplyForm = _ReplyForm.from_dict(
    {
        f"text_{index}": Text(most=_MOST, lines=True, load_default="")
        for index, _ in enumerate(LANGUAGES)
    },
    name="ReplyForm",
)


def reply_from(form: Mapping[str, str]) -> tuple[ReplyTexts, str]:
    """The reply, and the slug of its facility. Raises InvalidInput."""
    data = load(ReplyForm(), form)
    texts = {
        language.tag: data[f"text_{index}"]
        for index, language in enumerate(LANGUAGES)
        if data[f"text_{index}"]
    }
    return ReplyTexts(data["title"], texts), data["facility"]


def values_of(reply: SavedReply | None) -> dict[str, Any]:
    """What the form shows before anything is typed."""
    if reply is None:
        return {}
    texts = {
        f"text_{index}": reply.texts.get(language.tag, "")
        for index, language in enumerate(LANGUAGES)
    }
    return {"title": reply.title, "version": reply.version, **texts}
