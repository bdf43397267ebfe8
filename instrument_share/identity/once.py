"""Requests that may be sent twice and are done once: by their `Idempotency-Key`, or by the key that a form carries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode

from flask import request

from ..foundation.identifiers import new_secret
from ..foundation.transaction import perform
from .idempotency import Answer, answer_once, fingerprint_of
from .models import Person


def once(
    person: Person, at: datetime, act: Callable[[], Answer], *, content: bytes | None = None
) -> Answer:
    """What `act` answers, in a transaction; the first answer again where the request repeats an `Idempotency-Key`.

    `content` is compared instead of the body where that is never the same twice (multipart). Raises
    IdempotencyMismatch where the key was used for another request.
    """
    key = request.headers.get("Idempotency-Key")
    if not key:
        return perform(act)
    body = request.get_data() if content is None else content
    fingerprint = fingerprint_of(request.method, request.path, body)
    return perform(answer_once, person.id, key, fingerprint, at, act)


def form_once(person: Person, at: datetime, act: Callable[[], Answer]) -> Answer:
    """The same for a form: sent twice, it is done once. Raises IdempotencyMismatch where it was changed in between."""
    typed = sorted((name, text) for name, text in request.form.items() if name != "csrf_token")
    fingerprint = fingerprint_of(request.method, request.path, urlencode(typed).encode())
    return perform(answer_once, person.id, f"form:{form_key()}", fingerprint, at, act)


def form_key() -> str:
    """The key of the form that was sent, in its field `submission`; a new one where it carries none."""
    return request.form.get("submission", "")[:100] or new_secret()
