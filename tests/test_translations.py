"""The catalogues: every shipped language is translated entirely, and its placeholders are the English ones."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.pofile import read_po

from instrument_share.access.calls.standard import CRITERIA
from instrument_share.booking.at_instrument.label import INVITATION
from instrument_share.booking.visits.rules import SHIPPED_TASKS
from instrument_share.foundation.languages import DEFAULT, LANGUAGES
from instrument_share.foundation.paths import shipped

TRANSLATED = [language for language in LANGUAGES if language != DEFAULT]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
MARKUP = re.compile(r"</?[a-z][^>]*>")


def file_of(locale: str) -> Path:
    return shipped("translations") / locale / "LC_MESSAGES" / "messages.po"


@cache
def catalogue_of(locale: str) -> Catalog:
    with file_of(locale).open("rb") as po:
        return read_po(po, locale=locale, abort_invalid=True)


def messages_of(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def english_forms(message: Message) -> tuple[str, ...]:
    return message.id if isinstance(message.id, (list, tuple)) else (message.id,)


def translated_forms(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, (list, tuple)) else (message.string,)


def placeholders(text: str) -> set[str]:
    return {found.group() for found in PLACEHOLDER.finditer(text)} | set(MARKUP.findall(text))


@pytest.fixture(params=TRANSLATED, ids=lambda language: language.tag)
def catalogue(request) -> Catalog:
    assert file_of(request.param.locale).exists(), f"no catalogue for {request.param.tag}"
    return catalogue_of(request.param.locale)


def test_every_message_is_translated(catalogue):
    missing = [
        message.id
        for message in messages_of(catalogue)
        if message.fuzzy or not all(translated_forms(message))
    ]
    assert missing == []


def test_every_plural_form_is_there(catalogue):
    wrong = [
        message.id
        for message in messages_of(catalogue)
        if message.pluralizable and len(translated_forms(message)) != catalogue.num_plurals
    ]
    assert wrong == []


def test_placeholders_and_markup_are_kept(catalogue):
    """A plural form may leave the number out (Arabic says "one day" without a digit), never add one."""
    wrong = []
    for message in messages_of(catalogue):
        allowed = set().union(*map(placeholders, english_forms(message)))
        for form in translated_forms(message):
            found = placeholders(form)
            needed = allowed - {"%(num)s", "%(num)d"} if message.pluralizable else allowed
            if not needed <= found <= allowed:
                wrong.append((english_forms(message)[0], form))
    assert wrong == []


def test_the_catalogues_hold_the_same_messages():
    keys = [{message.id for message in messages_of(catalogue_of(it.locale))} for it in TRANSLATED]
    assert all(each == keys[0] for each in keys)
    assert len(keys[0]) > 300


def test_texts_that_are_kept_in_every_language_at_once_have_it_too():
    """They are stored or printed in all languages together, so no catalogue holds them."""
    texts = [
        INVITATION,
        *(criterion.names for criterion in CRITERIA),
        *(task for tasks in SHIPPED_TASKS.values() for task in tasks),
    ]
    for language in LANGUAGES:
        assert [text["en"] for text in texts if not text.get(language.tag)] == [], language.tag
