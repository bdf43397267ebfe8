"""Laws of the search words: whatever stands in a text is found by itself, in every script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instrument_share.catalogue.search_text import Term, terms_of, words_of

_LETTERS = st.characters(
    categories=["L", "N", "M", "P", "Z", "S"], max_codepoint=0x2FFFF, exclude_characters="\x00"
)
_WORDS = st.text(_LETTERS, min_size=1, max_size=12)


def finds(typed: str, text: str) -> bool:
    """What both engines do: every term is among the indexed words, or begins one of them."""
    words = set(words_of(text))
    return all(
        term.word in words or (term.is_prefix and any(word.startswith(term.word) for word in words))
        for term in terms_of(typed)
    )


@given(st.lists(_WORDS, min_size=1, max_size=6), st.data())
def test_a_text_is_found_by_its_own_words(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    assert finds(data.draw(st.sampled_from(words)), text)
    assert finds(text[:200], text)


@given(_WORDS)
def test_words_are_letters_and_digits_alone(text: str) -> None:
    assert all(word.isalnum() for word in words_of(text))
    assert all(term.word.isalnum() for term in terms_of(text))


@given(st.text("透射电子显微镜扫描隧道", min_size=1, max_size=20), st.data())
def test_any_part_of_a_chinese_run_is_found(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert finds(text[start:end], text)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("显微", "透射电子显微镜"),
        ("显微镜", "透射电子显微镜"),
        ("镜", "透射电子显微镜"),
        ("X射线", "X射线衍射仪"),
        ("ＴＥＭ", "TEM"),  # full width
        ("MICROSCOPE", "Electron microscope"),
        ("microscop", "Electron microscope"),
        ("electronique", "Microscope électronique"),
        ("мікроскоп", "Мікроскоп"),
        ("елка", "ёлка"),
        ("STRASSE", "Straße"),
        ("مجهر", "المجهر الإلكتروني"),
        ("المجهر", "مجهر إلكتروني"),
        ("الكتروني", "المجهر الإلكتروني"),
        ("إلكترونى", "المجهر الإلكتروني"),  # alef maqsura for ya
        ("اشعة", "أشعّة"),  # hamza, harakat
        ("اشعه", "أشعة"),  # ta marbuta
        ("مـجـهـر", "مجهر"),  # tatweel
        ("کیمیا", "كيميا"),  # Persian kaf and ya
        ("ﻣﺠﻬﺮ", "مجهر"),  # presentation forms
    ],
)
def test_variants_of_a_word_are_the_same_word(typed: str, text: str) -> None:
    assert finds(typed, text)


@pytest.mark.parametrize(
    ("typed", "text"), [("微显", "显微镜"), ("10", "100 kV"), ("ray", "array"), ("zzqqxx", "tem")]
)
def test_other_words_are_other_words(typed: str, text: str) -> None:
    assert not finds(typed, text)


def test_signs_alone_ask_for_nothing() -> None:
    assert terms_of(" –!?()\"*' ") == []


def test_a_term_is_asked_once_and_short_words_exactly() -> None:
    assert terms_of("tem TEM x") == [Term("tem", is_prefix=True), Term("x")]
