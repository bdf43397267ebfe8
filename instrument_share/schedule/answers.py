"""Answering programs: text/calendar with validators, and `304 Not Modified` before anything is read twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from flask import Response, current_app, request
from flask_babel import force_locale
from werkzeug.http import is_resource_modified

from ..foundation import clock
from ..foundation.calendar.document import MEDIA_TYPE
from ..foundation.languages import Language, best_of, language_of
from .heads import FeedHead
from .rules import FeedWindow, etag_of, modified_at


def answer(
    head: FeedHead, window: FeedWindow, write: Callable[[], bytes], *, name: str, shared: bool
) -> Response:
    """The feed, or 304 where the program has it already (RFC 9110 section 13.1).

    `write` makes the text and is called only where it is needed; `shared` caches may keep a public
    feed.
    """
    language = _language_of_request(head)
    response = Response(mimetype=MEDIA_TYPE)
    response.set_etag(etag_of(head.key, head.version, window, language.tag))
    response.last_modified = min(modified_at(head.changed_at, window), clock.now())
    _tell_caches(response, language, shared=shared)
    if not _is_news(response, modified_at(head.changed_at, window)):
        response.status_code = 304
        return response
    with force_locale(language.formats):
        response.set_data(write())
    return _named(response, name)


def written(head: FeedHead, write: Callable[[], bytes], *, name: str) -> Response:
    """A feed whose contents no version counts: it is written every time, and its bytes are its validator."""
    language = _language_of_request(head)
    with force_locale(language.formats):
        response = Response(write(), mimetype=MEDIA_TYPE)
    response.add_etag()
    _tell_caches(response, language, shared=False)
    response.make_conditional(request.environ)
    return _named(response, name)


def file(text: bytes, name: str) -> Response:
    """An iCalendar file that is made for this one request."""
    return _named(Response(text, mimetype=MEDIA_TYPE), name)


def _tell_caches(response: Response, language: Language, *, shared: bool) -> None:
    response.headers["Cache-Control"] = cache_control(shared=shared)
    response.headers["Content-Language"] = language.tag


def cache_control(*, shared: bool) -> str:
    """Any program may keep a feed and asks each time whether it changed; caches on the way keep the public ones."""
    return "public, no-cache" if shared else "private, no-cache"


def _is_news(response: Response, modified: datetime) -> bool:
    """Whether the program does not have this text yet. If-None-Match counts before If-Modified- Since."""
    return is_resource_modified(
        request.environ,
        etag=response.headers["ETag"],
        last_modified=modified,
        ignore_if_range=True,
    )


def _language_of_request(head: FeedHead) -> Language:
    wish = request.args.get("lang")
    return language_for(wish, head.language, request.accept_languages.values())


def language_for(wish: str | None, own: str | None, accepted: Iterable[str]) -> Language:
    """`?lang=`, then that of the person whose feed it is, then what the program accepts, then the site's."""
    asked = language_of(wish) or language_of(own)
    default = language_of(current_app.config["SETTINGS"].default_locale)
    return asked or (best_of(accepted, default) if default else best_of(accepted))


def _named(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = f'inline; filename="{name}.ics"'
    return response
