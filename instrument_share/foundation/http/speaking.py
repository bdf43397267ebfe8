"""The language that is spoken now, found in one step. A page asks for it hundreds of times."""

from __future__ import annotations

from babel import Locale
from flask.globals import app_ctx
from flask_babel import get_locale

_ENGLISH = Locale("en")


def locale_now() -> Locale:
    """What flask-babel's `get_locale` gives, which takes ten times as long to find it again; English outside of any
    application.

    It looks where flask-babel notes the language once it is chosen or forced, and asks flask-babel where it finds
    nothing there.
    """
    try:
        context = app_ctx._get_current_object()  # type: ignore[attr-defined]  # of the proxy
        noted = getattr(context.g, "_flask_babel", None)
    except RuntimeError:  # outside of any application
        return _ENGLISH
    return getattr(noted, "babel_locale", None) or get_locale() or _ENGLISH
