"""Whoever comes back from a provider is let in, linked, or asked for what is missing; and links are taken back.

They take the moment as `at`, flush and never commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ...foundation.database import db
from ...foundation.errors import DomainError, NotFound
from ...foundation.identifiers import digest_of
from ...foundation.signals import way_in_changed
from ...foundation.upsert import insert_into
from .. import audit
from ..models import Person
from ..queries import institution_by_slug, person_by_email
from ..services.accounts import create_account, is_orcid_free
from ..services.signing_in import refusal_of
from ..services.signing_up import claim_mail_again, mailbox_is_proved, verify_mail
from . import attempts
from .errors import AttemptOver, IdentityTaken, LastWayIn, NotAskedFor
from .models import OpenidAttempt, OpenidIdentity
from .providers import title_of
from .queries import identities_of, identity_of, ways_left
from .rules import Way, may_unlink, orcid_of, trusted_mail, way_of
from .values import Claims, NewAccount


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of somebody who came back; `person` where it is known who it is."""

    way: Way
    person: Person | None = None


def arrive(
    attempt: OpenidAttempt, claims: Claims, *, signed_in: Person | None, at: datetime
) -> Arrival | DomainError:
    """Somebody comes back from a provider that says who they are. A refusal is returned, so that its trail is kept."""
    identity = identity_of(claims.issuer, claims.subject)
    email = trusted_mail(claims)
    way = way_of(
        owner=identity.person_id if identity else None,
        linking=attempt.person_id,
        signed_in=signed_in.id if signed_in else None,
        has_account=bool(email) and person_by_email(email) is not None,
    )
    if way in (Way.SIGN_IN_FIRST, Way.NEW_ACCOUNT):
        attempts.keep(attempt, claims)
        return Arrival(way)
    attempts.finish(attempt, at=at)
    if way is Way.SIGN_IN and identity is not None:
        return _signed_in(attempt, identity, at)
    if way is Way.LINK and signed_in is not None:
        link(signed_in, claims, at=at)
        _tell(signed_in, "connected", claims.issuer, at)
    if way in _REFUSED:
        attempts.refused(attempt.provider, str(way), at=at, by=attempt.person_id)
        return _REFUSED[way]()
    return Arrival(way, signed_in)


_REFUSED: dict[Way, type[DomainError]] = {
    Way.TAKEN: IdentityTaken,
    Way.NOT_ASKED_FOR: NotAskedFor,
    Way.OTHER_PERSON: AttemptOver,
}


def _signed_in(
    attempt: OpenidAttempt, identity: OpenidIdentity, at: datetime
) -> Arrival | DomainError:
    person = identity.person
    if identity.browser_digest is not None:
        identity.browser_digest = attempt.browser_digest
    refusal = refusal_of(person, at=at)
    if refusal is not None:
        return refusal
    identity.used_at = at
    what = "sign_in.openid" if person.second_factor_at else "sign_in"
    audit.record(what, "person", person.id, by=person.id, at=at, provider=attempt.provider)
    db.session.flush()
    return Arrival(Way.SIGN_IN, person)


def link(person: Person, claims: Claims, *, at: datetime) -> OpenidIdentity:
    """From now on this identity opens the person's account. An ORCID iD that ORCID confirms becomes theirs.

    Raises IdentityTaken.
    """
    identity = _inserted(person, claims, at)
    if identity is None:
        raise IdentityTaken()
    orcid = orcid_of(claims.issuer, claims.subject)
    if orcid and person.orcid is None and is_orcid_free(orcid):
        person.orcid = orcid
    audit.record("openid.link", "person", person.id, by=person.id, at=at, issuer=claims.issuer)
    db.session.flush()
    return identity


def _tell(person: Person, what: str, issuer: str, at: datetime) -> None:
    """Whoever owns an account learns of every way into it, also of one that a stranger at their desk made."""
    way_in_changed.send(person, what=what, provider=title_of(issuer), at=at)


def _inserted(person: Person, claims: Claims, at: datetime) -> OpenidIdentity | None:
    """None where it is known already, also to somebody who linked it at the same moment."""
    query = insert_into(OpenidIdentity).values(
        issuer=claims.issuer, subject=claims.subject, person_id=person.id,
        email=claims.email[:254], linked_at=at,
    )  # fmt: skip
    key = db.session.scalar(query.on_conflict_do_nothing().returning(OpenidIdentity.id))
    return db.session.get(OpenidIdentity, key) if key is not None else None


def link_waiting(browser: str, *, by: Person, at: datetime) -> None:
    """Link who came back in this browser and found their mail address taken, now that they signed in to that account.

    Raises AttemptOver where nobody waits, or the account has another address; IdentityTaken.
    """
    found = attempts.waiting(browser, at)
    if found is None or trusted_mail(found[1]) != by.email or not attempts.finish(found[0], at=at):
        raise AttemptOver()
    link(by, found[1], at=at)
    _tell(by, "connected", found[1].issuer, at)


def open_account(browser: str, wanted: NewAccount, *, at: datetime) -> Person | None:
    """An account for who came back in this browser; None where a mail must be answered first.

    An address that the provider verified counts as proved, with all that follows from its domain. Any other is sent
    a link, as in signing up, and whether it has an account is not told. Raises AttemptOver, InvalidInput,
    IdentityTaken.
    """
    found = attempts.waiting(browser, at)
    if found is None or not attempts.finish(found[0], at=at):
        raise AttemptOver()
    attempt, claims = found
    email = trusted_mail(claims)
    known = None if email else person_by_email(wanted.email)
    if known is not None:
        claim_mail_again(known, at=at)
        return None
    person = _opened(email or wanted.email, wanted, at)
    identity = link(person, claims, at=at)
    if not email:
        identity.browser_digest = attempt.browser_digest
        claim_mail_again(person, at=at)
        return None
    mailbox_is_proved(person, at=at)
    _note_signed_in(person, attempt.provider, identity, at)
    return person


def _opened(email: str, wanted: NewAccount, at: datetime) -> Person:
    institution = institution_by_slug(wanted.institution) if wanted.institution else None
    return create_account(
        email, None, wanted.display_name, at=at, institution=institution,
        language=wanted.language, time_zone=wanted.time_zone, latin_name=wanted.latin_name,
        verified=False,
    )  # fmt: skip


def _note_signed_in(person: Person, provider: str, identity: OpenidIdentity, at: datetime) -> None:
    identity.used_at = at
    audit.record("sign_in", "person", person.id, by=person.id, at=at, provider=provider)
    db.session.flush()


def prove_mailbox(secret: str, browser: str, *, at: datetime, password: str = "") -> Person:
    """The mailbox is proved, by the link from the mail. Raises LinkExpired, InvalidInput.

    The account belongs to whoever reads the mailbox. An identity that was linked before, in another browser than
    this one, may be a stranger's who wrote down a mailbox of somebody else: it is taken off the account.
    """
    person = verify_mail(secret, at=at, browser=browser, password=password)
    for identity in identities_of(person):
        if identity.browser_digest == digest_of(browser):
            identity.browser_digest = None
        elif identity.browser_digest is not None:
            _remove(identity, person, at, why="mailbox proved elsewhere")
    db.session.flush()
    return person


def forget_identities(person: Person, *, at: datetime, why: str) -> None:
    """No provider opens this account any more: whoever linked one was not its person."""
    for identity in identities_of(person):
        _remove(identity, person, at, why=why)
    db.session.flush()


def unlink(identity_id: int, issuers: Sequence[str], *, by: Person, at: datetime) -> None:
    """This identity opens the account no longer. `issuers`: the providers that there are now.

    Raises NotFound where it is not one's own, LastWayIn.
    """
    db.session.get(Person, by.id, with_for_update=True)  # two at once would leave none
    identity = db.session.get(OpenidIdentity, identity_id)
    if identity is None or identity.person_id != by.id:
        raise NotFound()
    left = ways_left(by, identity_id, issuers)
    if not may_unlink(has_password=bool(by.password_hash), other_ways=left):
        raise LastWayIn()
    _remove(identity, by, at)
    _tell(by, "disconnected", identity.issuer, at)
    db.session.flush()


def _remove(identity: OpenidIdentity, person: Person, at: datetime, **details: str) -> None:
    audit.record(
        "openid.unlink", "person", person.id, by=person.id, at=at, issuer=identity.issuer, **details
    )  # fmt: skip
    db.session.delete(identity)
