"""What makes pages quick says the same as the slow way: the language, the texts, the addresses of files."""

from __future__ import annotations

import gc
from contextlib import suppress

import pytest
from babel import Locale
from flask import url_for
from flask_babel import force_locale, get_locale, gettext
from jinja2.nodes import EvalContext
from markupsafe import Markup
from werkzeug.routing import Rule

from instrument_share import _collecting_later
from instrument_share.foundation.http.speaking import locale_now
from instrument_share.foundation.languages import LANGUAGES
from instrument_share.web.language import gettext_in_page
from tests.support.marks import sqlite_only

pytestmark = sqlite_only


def test_the_language_now_is_what_flask_babel_says_in_all_its_changes(app):
    assert locale_now() == Locale("en")  # outside of any application
    with app.test_request_context(headers={"Accept-Language": "ar"}):
        assert locale_now() == get_locale() == Locale("ar")
        with force_locale("zh_Hans"):
            assert locale_now() == get_locale() == Locale.parse("zh_Hans")
        assert locale_now() == get_locale() == Locale("ar")
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert locale_now() == get_locale() == Locale("en")


def test_a_language_has_one_object_for_its_formats(app):
    assert [each.formats for each in LANGUAGES] == [Locale.parse(each.locale) for each in LANGUAGES]
    assert all(each.formats is each.formats for each in LANGUAGES)


@pytest.mark.parametrize("tag", ["en", "zh-Hans", "ar"])
def test_a_text_in_a_page_is_the_translation_with_its_values_escaped(app, tag):
    page = EvalContext(app.jinja_env, "page.html")
    with app.test_request_context(headers={"Accept-Language": tag}):
        assert gettext_in_page(page, "Sign out") == gettext("Sign out")
        shown = gettext_in_page(page, "%(time)s before", time="<b>")
        assert shown == gettext("%(time)s before", time="&lt;b&gt;")
        assert isinstance(shown, Markup)


def test_a_text_outside_of_markup_keeps_its_values_as_they_are(app):
    letter = EvalContext(app.jinja_env, "letter.txt")
    with app.test_request_context():
        shown = gettext_in_page(letter, "%(time)s before", time="<b>")
    assert (shown, isinstance(shown, Markup)) == ("<b> before", False)


def test_a_symbol_is_drawn_from_the_file_at_its_versioned_address(app):
    icons = app.jinja_env.get_template("components/icons.html")
    with app.test_request_context():
        file = url_for("static", filename="img/symbols.svg")
        assert "?v=" in file
        assert f'href="{file}#clock"' in str(icons.module.icon("clock"))


def test_while_a_process_loads_nothing_is_collected_and_afterwards_as_before(app):
    was_on = gc.isenabled()
    with _collecting_later():
        assert not gc.isenabled()
    assert gc.isenabled() == was_on


def test_every_address_is_built_as_werkzeug_builds_it(app):
    built = 0
    for rule in app.url_map.iter_rules():
        for sample in (7, "a-b", "admit"):
            given = dict.fromkeys(rule.arguments, sample) | {"lang": "ar"}
            for more in (False, True):
                at_once = Rule._compile_builder(rule, more)
                expected = _built(at_once, rule, **given)
                assert _built(rule.build, given, more) == expected
                built += expected is not None
    assert built > 1000


def _built(build, *arguments, **values):
    with suppress(ValueError):
        return build(*arguments, **values)
