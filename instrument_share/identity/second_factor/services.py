"""A second factor is set up, asked for, renewed and turned off."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select

from ...foundation.database import db
from ...foundation.errors import DomainError, NotFound
from ...foundation.signals import second_factor_reset
from .. import audit
from ..acting import actor_of
from ..lockout import lock_out
from ..models import Person
from ..queries import person_by_email
from ..services.accounts import doubt_about_password
from .errors import AlreadySetUp, CodeMissing, CodesPaused, CodeWrong, NoSecondFactor, StillRequired
from .models import RecoveryCode, SecondFactor
from .rules import (
    MOST_WRONG,
    fitting_step,
    is_pausing,
    is_required,
    new_recovery_codes,
    plain_recovery_code,
)
from .sealing import keyed_digest, seal, unseal


def set_up(
    person: Person, secret: str, code: str, *, at: datetime, password: str = ""
) -> list[str]:
    """From now on signing in asks for a code of this secret. Returns the recovery codes, told this once.

    Who has a password gives it again: a stranger at their desk would lock them out. Raises InvalidInput without it,
    AlreadySetUp where there is a second factor, which only its own code turns off, and CodeWrong where the code shows
    that the authenticator does not know the secret.
    """
    db.session.refresh(person, ["second_factor_at"], with_for_update={"key_share": True})
    if person.second_factor_at is not None:
        raise AlreadySetUp()
    doubt = doubt_about_password(person, password)
    if doubt is not None:
        raise doubt
    step = fitting_step(secret, code, at, after=0)
    if step is None:
        raise CodeWrong(fields={"otp": CodeWrong.message})
    db.session.execute(delete(SecondFactor).where(SecondFactor.person_id == person.id))
    db.session.add(
        SecondFactor(person_id=person.id, sealed_secret=seal(secret), last_step=step, created_at=at)
    )
    person.second_factor_at = at
    audit.record("second_factor.set_up", "person", person.id, by=person.id, at=at)
    return _fresh_recovery_codes(person)


def check(person: Person, code: str | None, *, at: datetime) -> DomainError | None:
    """Take a code of the authenticator or a recovery code, each once. Nothing is asked of who has no second factor.

    What is wrong is returned, not raised, so that the count of wrong codes and the trail are kept.
    """
    if person.second_factor_at is None:
        return None
    if not code:
        return CodeMissing()
    factor = db.session.get(SecondFactor, person.id, with_for_update=True, populate_existing=True)
    if factor is None or is_pausing(factor.wrong_count, factor.wrong_since, at):
        return CodesPaused(fields={"otp": CodesPaused.message})
    if not (_takes_code(factor, code, at) or _takes_recovery_code(person, code, at)):
        return _wrong(factor, at)
    factor.wrong_count, factor.wrong_since = 0, None
    db.session.flush()
    return None


def renew_recovery_codes(person: Person, code: str, *, at: datetime) -> list[str] | DomainError:
    """Ten new recovery codes; the old ones open nothing any more. A wrong code is returned."""
    refusal = check(person, code, at=at)
    if refusal is not None:
        return refusal
    audit.record("second_factor.renew", "person", person.id, by=person.id, at=at)
    return _fresh_recovery_codes(person)


def turn_off(person: Person, code: str, *, at: datetime) -> DomainError | None:
    """Signing in asks for the password alone again. A wrong code is returned.

    Raises StillRequired of whoever oversees the site.
    """
    if is_required(actor_of(person)):
        raise StillRequired()
    refusal = check(person, code, at=at)
    if refusal is not None:
        return refusal
    forget(person)
    audit.record("second_factor.turn_off", "person", person.id, by=person.id, at=at)
    return None


def reset(email: str, *, at: datetime) -> Person:
    """Whoever runs the site takes the second factor off an account: its devices are signed out, its
    tokens are void, and its person is told.

    Raises NotFound where nobody has the address, NoSecondFactor.
    """
    person = person_by_email(email)
    if person is None:
        raise NotFound()
    if person.second_factor_at is None:
        raise NoSecondFactor()
    forget(person)
    ended = lock_out(person, by=None, at=at)
    audit.record("second_factor.reset", "person", person.id, by=None, at=at, **ended)
    second_factor_reset.send(person, at=at)
    db.session.flush()
    return person


def forget(person: Person) -> None:
    """Nothing is left of the person's second factor."""
    for table in (SecondFactor, RecoveryCode):
        db.session.execute(delete(table).where(table.person_id == person.id))
    person.second_factor_at = None
    db.session.flush()


def recovery_codes_left(person: Person) -> int:
    query = select(func.count(RecoveryCode.id)).where(RecoveryCode.person_id == person.id)
    return db.session.scalar(query) or 0


def _takes_code(factor: SecondFactor, code: str, at: datetime) -> bool:
    secret = unseal(factor.sealed_secret)
    step = fitting_step(secret, code, at, after=factor.last_step) if secret else None
    if step is None:
        return False
    factor.last_step = step
    return True


def _takes_recovery_code(person: Person, code: str, at: datetime) -> bool:
    digest = keyed_digest(plain_recovery_code(code))
    used = db.session.execute(
        delete(RecoveryCode)
        .where(RecoveryCode.person_id == person.id, RecoveryCode.digest == digest)
        .returning(RecoveryCode.id)
    ).first()
    if used is not None:
        audit.record("second_factor.recovery_code", "person", person.id, by=person.id, at=at)
    return used is not None


def _wrong(factor: SecondFactor, at: datetime) -> CodeWrong:
    """One more wrong code in a row; after a pause the count begins anew."""
    is_after_pause = factor.wrong_count >= MOST_WRONG
    factor.wrong_count = 1 if is_after_pause else factor.wrong_count + 1
    factor.wrong_since = at
    audit.record("second_factor.wrong", "person", factor.person_id, by=factor.person_id, at=at)
    db.session.flush()
    return CodeWrong(fields={"otp": CodeWrong.message})


def _fresh_recovery_codes(person: Person) -> list[str]:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    codes = new_recovery_codes()
    db.session.add_all(
        RecoveryCode(person_id=person.id, digest=keyed_digest(plain_recovery_code(code)))
        for code in codes
    )
    db.session.flush()
    return codes
