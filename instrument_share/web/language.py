"""Which language and which time zone this request speaks.

Language: `?lang=` (remembered), what was remembered, the person's own, Accept-Language, the default.
"""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit

from babel import Locale
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, has_app_context, has_request_context, request, session
from flask.globals import request_ctx
from flask_babel import Babel, Domain
from flask_login import current_user
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup
from werkzeug.exceptions import HTTPException
from werkzeug.urls import iri_to_uri

from ..foundation.clock import is_zone
from ..foundation.http.speaking import locale_now
from ..foundation.isolates import isolate_names
from ..foundation.languages import LANGUAGES, Language, best_of, language_of


class HouseTexts(Domain):
    """The catalogues; sentences that run from right to left isolate the names in them.

    A page has hundreds of texts, and flask-babel looks for the catalogue anew for each: here it is found in one step.
    """

    _known: ClassVar[dict[Locale, Translations | NullTranslations]] = {}
    #: The language that was spoken last and its texts: nearly always the one that is asked for next.
    _latest: ClassVar[tuple[Locale | None, Translations | NullTranslations]] = (
        None,
        NullTranslations(),
    )

    def get_translations(self) -> Translations | NullTranslations:
        locale = locale_now()
        latest, texts = self._latest
        if locale is not latest:
            texts = self._known.get(locale) or self._loaded(locale)
            if locale in self._known:
                HouseTexts._latest = (locale, texts)
        return texts

    def _loaded(self, locale: Locale) -> Translations | NullTranslations:
        """What flask-babel reads from the disk, once for each language; outside of an application it has no texts."""
        known = len(self.cache)
        texts = super().get_translations()
        if len(self.cache) > known and locale.text_direction == "rtl":
            isolate_names(texts)
        if has_app_context():
            self._known[locale] = texts
        return texts


class HouseBabel(Babel):
    @cached_property
    def domain_instance(self) -> HouseTexts:
        return _texts


_texts = HouseTexts()
babel = HouseBabel()


def init_app(app: Flask) -> None:
    babel.init_app(app, locale_selector=lambda: chosen().formats, timezone_selector=reader_zone)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # by its i18n extension
        gettext=lambda text: _texts.get_translations().ugettext(text),
        ngettext=lambda one, many, count: _texts.get_translations().ungettext(one, many, count),
        pgettext=lambda about, text: _texts.get_translations().upgettext(about, text),
        npgettext=lambda about, one, many, count: _texts.get_translations().unpgettext(
            about, one, many, count
        ),
        newstyle=True,
    )
    app.jinja_env.globals |= {"gettext": gettext_in_page, "_": gettext_in_page}
    app.before_request(_remember)
    app.context_processor(_for_pages)


@pass_eval_context
def gettext_in_page(page: EvalContext, text: str, /, **values: object) -> str:
    """What Jinja's own `_` gives: a text in the reader's language, `values` escaped. A page has a hundred; Jinja's goes
    through three calls for each.
    """
    found = _texts.get_translations().ugettext(text)
    if page.autoescape:
        found = Markup(found)  # noqa: S704 our own texts
    return found % values if "%" in found else found


def chosen() -> Language:
    """The language of this request."""
    if "language" not in g:
        g.language = _choose()
    return g.language


def reader_zone() -> str:
    """The zone of whoever reads: the person's own, or UTC for a visitor whose zone we do not know."""
    if not has_request_context():
        return "UTC"
    if current_user.is_authenticated:
        return str(current_user.time_zone)
    return _remembered_zone() or "UTC"


def _remembered_zone() -> str:
    """The browser's zone, which its script tells; "" before it did."""
    remembered = request.cookies.get("zone", "")
    return remembered if is_zone(remembered) else ""


def _choose() -> Language:
    default = language_of(current_app.config["SETTINGS"].default_locale) or LANGUAGES[0]
    if not has_request_context():  # the command line and the worker
        return default
    asked = language_of(request.args.get("lang")) or language_of(session.get("lang"))
    if asked:
        return asked
    if not request.path.startswith("/api/") and current_user.is_authenticated:
        return best_of([current_user.language])
    return best_of([tag for tag, _ in request.accept_languages], default)


def _remember() -> None:
    asked = language_of(request.args.get("lang"))
    if (
        asked
        and not request.path.startswith(("/api/", "/calendars/"))
        and session.get("lang") != asked.tag
    ):
        session["lang"] = asked.tag


def _for_pages() -> dict[str, object]:
    language = chosen()
    path, arguments = _page_to_read()
    others = [
        {
            "tag": other.tag,
            "name": other.name,
            "url": _address(path, arguments | {"lang": [other.tag]}),
            "current": other == language,
        }
        for other in LANGUAGES
    ]
    return {
        "page_language": language.tag,
        "page_direction": language.direction,
        "site_languages": others,
        "reader_zone": reader_zone(),
        "known_zone": _remembered_zone(),
    }


def _page_to_read() -> tuple[str, dict[str, list[str]]]:
    """The path and arguments by which this page is read in another language. An address that only takes forms shows
    what is wrong with one, and cannot be followed: the page that the form stood on can.
    """
    if request.method in ("GET", "HEAD") or _is_page_too():
        return request.path, request.args.to_dict(flat=False)
    form_page = urlsplit(request.referrer or "")
    if form_page.netloc != request.host:
        return "/", {}
    return form_page.path, parse_qs(form_page.query)


def _is_page_too() -> bool:
    """Whether what was sent can be asked for, too, by the same rule."""
    sent_to, adapter = request.url_rule, request_ctx.url_adapter
    if sent_to is None or adapter is None:
        return False
    try:
        asked, _ = adapter.match(method="GET", return_rule=True)
    except HTTPException:
        return False
    return asked.rule == sent_to.rule


def _address(path: str, arguments: dict[str, list[str]]) -> str:
    query = urlencode(arguments, doseq=True)
    return iri_to_uri(f"{path}?{query}")
