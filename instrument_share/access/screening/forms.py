"""What people type into the forms of screening, as typed values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask_babel import gettext
from marshmallow import ValidationError
from werkzeug.datastructures import FileStorage

from ...files.http import chosen
from ...foundation.errors import InvalidInput
from ...foundation.http.conditional import number_in
from ...foundation.http.schema import Text
from ...foundation.identifiers import new_reference
from .rules import Answer, Evidence, Question

LANGUAGES = ("en", "zh-Hans", "ar", "ru")
_YES_NO = ("yes", "no")
_QUESTION = Text(most=1000, lines=True)
_PLACE = re.compile(r"q-(\d{1,2})-key")


def answers_from(form: Mapping[str, str], questions: Sequence[Question]) -> dict[str, Answer]:
    """The answers that were chosen; what is missing the service tells."""
    given = {}
    for each in questions:
        said = form.get(f"answer-{each.key}", "")
        if said in _YES_NO:
            detail = Text(most=4000, lines=True).deserialize(form.get(f"detail-{each.key}", ""))
            given[each.key] = Answer(said, detail)
    return given


def files_from(questions: Sequence[Question]) -> dict[str, FileStorage]:
    """The files that came with the answers, by key of the question."""
    sent = {each.key: chosen(f"evidence-{each.key}") for each in questions if each.evidence}
    return {key: files[0] for key, files in sent.items() if files}


def questions_from(form: Mapping[str, str]) -> list[Question]:
    """A checklist as it was written; a question without any text is taken out."""
    places = sorted({int(found[1]) for name in form if (found := _PLACE.fullmatch(name))})
    written = []
    for place in places:
        texts = {tag: _text(form, place, tag) for tag in LANGUAGES}
        texts = {tag: text for tag, text in texts.items() if text}
        if not texts:
            continue
        attention = form.get(f"q-{place}-attention", "yes")
        key = form.get(f"q-{place}-key", "")[:40] or new_reference("q", 6).lower()
        written.append(
            Question(
                key, texts, attention if attention in _YES_NO else "yes", *_evidence(form, place)
            )
        )
    return written


def checked(questions: Sequence[Question]) -> list[Question]:
    """The questions as they are stored. Raises InvalidInput where one is too long or holds what is no text."""
    try:
        return [
            replace(each, texts={tag: _QUESTION.deserialize(it) for tag, it in each.texts.items()})
            for each in questions
        ]
    except ValidationError as error:
        raise InvalidInput(fields={"questions": str(error.messages[0])}) from None


def months_from(form: Mapping[str, str]) -> int:
    months = number_in(form.get("valid_months", "").strip())
    if months is None or not 1 <= months <= 120:
        sentence = gettext("Write a number from 1 to 120.")
        raise InvalidInput(fields={"valid_months": sentence})
    return months


def _evidence(form: Mapping[str, str], place: int) -> tuple[str, str]:
    """What is demanded, and on which answer; the same answer for all that demand nothing."""
    what, on = form.get(f"q-{place}-evidence", ""), form.get(f"q-{place}-evidence_on", "")
    if what not in list(Evidence):
        return "", "yes"
    return what, on if on in _YES_NO else "yes"


def _text(form: Mapping[str, str], place: int, tag: str) -> str:
    return form.get(f"q-{place}-{tag}", "").strip()
