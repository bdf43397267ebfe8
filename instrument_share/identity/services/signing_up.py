"""Getting an account: signing up and proving the mailbox.

Whoever signs up is told the same whether the address has an account or not; what differs comes by mail.
"""

from __future__ import annotations

from datetime import datetime

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from ...foundation.database import db
from ...foundation.signals import mail_address_claimed
from .. import audit
from ..errors import LinkExpired
from ..models import Institution, Person
from ..passwords import hash_password
from ..queries import institution_by_slug, person_by_email
from ..rules import Role, Scope, Verification, is_mail_of
from ..values import SignUp
from .accounts import check_not_about, check_orcid_free, create_account
from .roles import write_grant

#: How long the link in the mail works.
LINK_SECONDS = 3 * 24 * 3600


def sign_up(wanted: SignUp, *, at: datetime) -> None:
    """Make an account that waits for its mailbox to be proved, and send the link.

    Where the address has an account, nothing of it changes: its owner is sent a link when one is still due.
    Raises OrcidTaken, InvalidInput.
    """
    check_not_about(
        wanted.password, wanted.email, wanted.display_name, wanted.latin_name, field="password"
    )
    known = person_by_email(wanted.email)
    if known is not None:
        hash_password(wanted.password)  # as slow as for an unknown address
        claim_mail_again(known, at=at)
        return
    check_orcid_free(wanted.orcid)
    institution = institution_by_slug(wanted.institution) if wanted.institution else None
    person = create_account(
        wanted.email, wanted.password, wanted.display_name, at=at, institution=institution,
        language=wanted.language, time_zone=wanted.time_zone, latin_name=wanted.latin_name,
        orcid=wanted.orcid, verified=False,
    )  # fmt: skip
    claim_mail_again(person, at=at)


def claim_mail_again(person: Person, *, at: datetime) -> None:
    """Send the link that proves the mailbox, unless it is proved."""
    if person.mail_verified_at is None:
        mail_address_claimed.send(person, secret=_links().dumps([person.id, person.email]), at=at)


def verify_mail(secret: str, *, at: datetime) -> Person:
    """The mailbox is proved; a domain of the person's institution vouches for them at once.

    Raises LinkExpired for a link that is too old, was used, or is not ours.
    """
    try:
        person_id, email = _links().loads(secret, max_age=LINK_SECONDS)
    except (BadData, ValueError):
        raise LinkExpired() from None
    person = db.session.get(Person, person_id, with_for_update=True)
    if person is None or person.email != email or person.mail_verified_at is not None:
        raise LinkExpired()
    mailbox_is_proved(person, at=at)
    return person


def mailbox_is_proved(person: Person, *, at: datetime) -> None:
    """The person reads this mailbox: a domain of their institution vouches for them at once."""
    person.mail_verified_at = at
    audit.record("account.verify_mail", "person", person.id, by=person.id, at=at)
    if person.institution is not None and is_mail_of(person.email, person.institution.mail_domains):
        vouch_by_domain(person, person.institution, at=at)
    db.session.flush()


def vouch_by_domain(person: Person, institution: Institution, *, at: datetime) -> None:
    """The institution gave out the person's mailbox: that is enough to vouch for them."""
    person.verification = Verification.VOUCHED
    write_grant(person, Role.RESEARCHER, Scope("institution", institution.id), by=None, at=at)
    audit.record(
        "account.vouch", "person", person.id, by=None, at=at, domain=person.email.partition("@")[2]
    )


def _links() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="verify-mail")
