"""Sign-ins that are under way: begun in one browser, come back once, and soon over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, null, select, update

from ...foundation.database import db
from ...foundation.identifiers import digest_of
from .. import audit
from ..models import Person
from .errors import AttemptOver
from .models import OpenidAttempt
from .rules import AT_PROVIDER, DECIDING, KEPT, is_over
from .values import Claims


def begin(
    provider: str, state: str, browser: str, *, target: str, linking: Person | None, at: datetime
) -> None:
    """Somebody is sent to a provider with this state, from the browser that knows this secret."""
    attempt = OpenidAttempt(
        state_digest=digest_of(state), browser_digest=digest_of(browser), provider=provider,
        person_id=linking.id if linking else None, target=target[:2000], started_at=at,
    )  # fmt: skip
    db.session.add(attempt)
    db.session.flush()


def take_back(
    provider: str, state: str, browser: str, *, at: datetime
) -> OpenidAttempt | AttemptOver:
    """The attempt that comes back with this state, once. A refusal is returned, so that its trail is kept.

    A state that turns up where it does not belong is void from then on: somebody else knows it.
    """
    attempt = db.session.scalar(
        select(OpenidAttempt)
        .where(OpenidAttempt.state_digest == digest_of(state), OpenidAttempt.provider == provider)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    why = _why_not(attempt, browser, at)
    if attempt is not None and attempt.returned_at is None:
        attempt.returned_at = at
        attempt.finished_at = at if why else None
    db.session.flush()
    if attempt is None or why:
        refused(provider, why, at=at)
        return AttemptOver()
    return attempt


def refused(provider: str, why: str, *, at: datetime, by: int | None = None) -> None:
    """Remember that a sign-in through this provider came to nothing."""
    audit.record("openid.refused", "provider", provider, by=by, at=at, why=why)


def keep(attempt: OpenidAttempt, claims: Claims) -> None:
    """Whoever came back must say more first: until then the site remembers what the provider said."""
    attempt.claims = {name: getattr(claims, name) for name in Claims.__slots__}
    db.session.flush()


def waiting(browser: str, at: datetime) -> tuple[OpenidAttempt, Claims] | None:
    """Who came back in this browser a while ago and must still say more; the last one, where there are several."""
    attempt = db.session.scalar(
        select(OpenidAttempt)
        .where(
            OpenidAttempt.browser_digest == digest_of(browser),
            OpenidAttempt.claims.is_not(None),
            OpenidAttempt.finished_at.is_(None),
            OpenidAttempt.returned_at >= at - DECIDING,
        )
        .order_by(OpenidAttempt.returned_at.desc(), OpenidAttempt.id.desc())
        .limit(1)
    )
    if attempt is None or not attempt.claims:
        return None
    return attempt, Claims(**attempt.claims)


def finish(attempt: OpenidAttempt, *, at: datetime) -> bool:
    """This attempt has done what it was for; False where another request was quicker. Nothing personal stays in it."""
    done = db.session.execute(
        update(OpenidAttempt)
        .where(OpenidAttempt.id == attempt.id, OpenidAttempt.finished_at.is_(None))
        .values(finished_at=at, claims=null())
        .returning(OpenidAttempt.id)
    ).first()
    return done is not None


def forget_attempts(*, at: datetime) -> int:
    """Forget old sign-ins (returns how many), and what providers said of people who went away without an account."""
    db.session.execute(
        update(OpenidAttempt)
        .where(OpenidAttempt.finished_at.is_(None), OpenidAttempt.returned_at < at - DECIDING)
        .values(claims=null(), finished_at=at)
    )
    gone = delete(OpenidAttempt).where(OpenidAttempt.started_at < at - KEPT)
    return len(db.session.execute(gone.returning(OpenidAttempt.id)).all())


def _why_not(attempt: OpenidAttempt | None, browser: str, at: datetime) -> str:
    if attempt is None:
        return "unknown"
    if attempt.browser_digest != digest_of(browser):
        return "other browser"
    if attempt.returned_at is not None:
        return "replayed"
    return "expired" if is_over(attempt.started_at, AT_PROVIDER, at) else ""
