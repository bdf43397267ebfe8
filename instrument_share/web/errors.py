"""One place where errors become answers: problem JSON for programs, a translated page for people."""

from __future__ import annotations

from flask import Flask, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from ..foundation.database import db
from ..foundation.errors import DomainError, NotAuthenticated
from ..foundation.http.problems import problem, problem_of
from ..foundation.transaction import has_written
from .logs import log


def init_app(app: Flask) -> None:
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def _for_programs() -> bool:
    return request.path.startswith("/api/")


def _domain_error(error: DomainError) -> ResponseReturnValue:
    db.session.rollback()
    if _for_programs():
        answer = problem_of(error)
        if isinstance(error, NotAuthenticated):
            answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    if isinstance(error, NotAuthenticated):
        flash(str(error.message), "info")
        target = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("identity.sign_in", next=target))
    return _page(error.status, str(error.message), [str(text) for text in error.fields.values()])


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400 and error.response is not None:
        return error.get_response()
    code, sentence = _code_and_sentence(error, status)
    answer = (
        problem(status, code, sentence)
        if _for_programs()
        else Response(*_page(status, sentence, []))
    )
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            answer.headers[name] = value
    return answer


def _code_and_sentence(error: HTTPException, status: int) -> tuple[str, str]:
    if isinstance(error, CSRFError):
        return "form_expired", gettext(
            "This form had expired and nothing was saved. Go back, reload the page and send it again."
        )
    if isinstance(error, RateLimitExceeded):
        return "too_many_requests", gettext("Too many requests. Wait a minute and try again.")
    sentences = {
        400: ("malformed", gettext("This request could not be understood. Check what you sent.")),
        401: ("not_authenticated", gettext("Sign in to continue.")),
        403: ("forbidden", gettext("You may not do this.")),
        404: ("not_found", gettext("There is nothing at this address.")),
        405: ("method_not_allowed", gettext("This address does not take requests of this kind.")),
        413: (
            "too_large",
            gettext(
                "This is too large. Send at most %(most)s MB.",
                most=(request.max_content_length or 0) // 1024**2,
            ),
        ),
        415: (
            "unsupported_media_type",
            gettext("Send JSON with the content type application/json."),
        ),
    }
    return sentences.get(status, ("refused", gettext("This request cannot be answered.")))


def _unexpected(error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    log.exception("unexpected error", exc_info=error)
    if has_written() and request.method != "GET":
        sentence = gettext(
            "Something went wrong on our side after your request was carried out. Look at what became of it before you "
            "send it again."
        )
    else:
        sentence = gettext(
            "Something went wrong on our side. Nothing was saved. Try again in a moment."
        )
    return problem(500, "internal", sentence) if _for_programs() else _page(500, sentence, [])


def _page(status: int, sentence: str, reasons: list[str]) -> tuple[str, int]:
    return render_template("error.html", status=status, sentence=sentence, reasons=reasons), status
