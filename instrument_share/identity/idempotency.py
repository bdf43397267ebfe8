"""A repeated POST with the same `Idempotency-Key` gets the first answer again (draft-ietf-httpapi-idempotency-key)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import delete, select, update

from ..foundation.database import db
from ..foundation.upsert import insert_into
from .errors import IdempotencyMismatch
from .models import IdempotencyKey

#: The longest key that is taken; longer ones are refused by `IdempotencyMismatch`.
LONGEST_KEY = 200

Answer = dict[str, Any]


def fingerprint_of(method: str, path: str, body: bytes) -> str:
    """What tells a repeated request from another one: SHA-256 of method, path and body."""
    return hashlib.sha256(b"\n".join((method.encode(), path.encode(), body))).hexdigest()


def answer_once(
    person_id: int, key: str, fingerprint: str, at: datetime, act: Callable[[], Answer]
) -> Answer:
    """The JSON answer of `act`, which runs only for the first request under `(person_id, key)`.

    Call it inside the command's transaction. A request that comes while the first is still running waits for
    it at the key's row. An `act` that raises leaves no trace of the key: it may be tried again.

    Raises IdempotencyMismatch where the key was used for another request, told by its fingerprint.
    """
    if len(key) > LONGEST_KEY:
        raise IdempotencyMismatch(
            lazy_gettext("Use an Idempotency-Key of at most %(most)s characters.", most=LONGEST_KEY)
        )
    if not _claim(person_id, key, fingerprint, at):
        return _first_answer(person_id, key, fingerprint)
    answer = act()
    db.session.execute(update(IdempotencyKey).where(*_is(person_id, key)).values(answer=answer))
    return answer


def forget_before(moment: datetime) -> int:
    """Forget the answers to requests that came before `moment`; returns how many."""
    gone = db.session.execute(
        delete(IdempotencyKey)
        .where(IdempotencyKey.created_at < moment)
        .returning(IdempotencyKey.key)
    )
    return len(gone.all())


def _claim(person_id: int, key: str, fingerprint: str, at: datetime) -> bool:
    """Whether this is the first request under the key; waits for one that runs at the same time."""
    claim = insert_into(IdempotencyKey).values(
        person_id=person_id, key=key, fingerprint=fingerprint, created_at=at
    )
    done = db.session.execute(
        claim.on_conflict_do_nothing(index_elements=["person_id", "key"]).returning(
            IdempotencyKey.key
        )
    )
    return done.first() is not None


def _first_answer(person_id: int, key: str, fingerprint: str) -> Answer:
    first = db.session.execute(
        select(IdempotencyKey.fingerprint, IdempotencyKey.answer).where(*_is(person_id, key))
    ).one()
    if first.fingerprint != fingerprint:
        raise IdempotencyMismatch()
    return first.answer


def _is(person_id: int, key: str) -> tuple[Any, Any]:
    return IdempotencyKey.person_id == person_id, IdempotencyKey.key == key
