"""Getting an account: signing up and proving the mailbox.

Whoever signs up is told the same whether the address has an account or not; what differs comes by mail.
"""

from __future__ import annotations

from datetime import datetime

from flask import current_app
from flask_babel import lazy_gettext
from itsdangerous import BadData, URLSafeTimedSerializer

from ...foundation.database import db
from ...foundation.errors import InvalidInput
from ...foundation.identifiers import digest_of
from ...foundation.signals import mail_address_claimed
from .. import audit
from ..errors import InstitutionNamed, LinkExpired
from ..lockout import lock_out
from ..models import Institution, Person
from ..passwords import hash_password
from ..queries import institution_by_slug, institution_of_mail, person_by_email
from ..rules import Role, Scope, Verification, is_mail_of
from ..values import SignUp
from .accounts import check_not_about, check_orcid_free, create_account, set_password
from .roles import write_grant

#: How long the link in the mail works.
LINK_SECONDS = 3 * 24 * 3600


def sign_up(wanted: SignUp, *, at: datetime, browser: str = "") -> None:
    """Make an account that waits for its mailbox to be proved, and send the link.

    Where the address has an account, nothing of it changes: its owner is sent a link when one is still due.
    `browser` is the secret of the browser in which the password is typed (see `is_to_choose_password`).
    Raises OrcidTaken, InvalidInput.
    """
    check_not_about(
        wanted.password, wanted.email, wanted.display_name, wanted.latin_name, field="password"
    )
    check_orcid_free(wanted.orcid)  # before anything depends on whether the address is known
    known = person_by_email(wanted.email)
    if known is not None:
        hash_password(wanted.password)  # as slow as for an unknown address
        claim_mail_again(known, at=at)
        return
    institution = institution_by_slug(wanted.institution) if wanted.institution else None
    person = create_account(
        wanted.email, wanted.password, wanted.display_name, at=at, institution=institution,
        language=wanted.language, time_zone=wanted.time_zone, latin_name=wanted.latin_name,
        orcid=wanted.orcid, verified=False,
    )  # fmt: skip
    claim_mail_again(person, at=at, browser=browser)


def claim_mail_again(person: Person, *, at: datetime, browser: str = "") -> None:
    """Send the link that proves the mailbox, unless it is proved."""
    if person.mail_verified_at is None:
        secret = _links().dumps([person.id, person.email, digest_of(browser) if browser else ""])
        mail_address_claimed.send(person, secret=secret, at=at)


def is_to_choose_password(secret: str, browser: str) -> bool:
    """Whether the mailbox is proved only together with a password: anybody may sign up with anybody's address.

    The password that was typed counts where the link is opened in the very browser in which it was. Else it may be
    a stranger's, who waits for the owner of the mailbox to open the account for them. Raises LinkExpired.
    """
    return _is_perhaps_a_strangers(*_claimed(secret), browser)


def verify_mail(secret: str, *, at: datetime, browser: str = "", password: str = "") -> Person:
    """The mailbox is proved; a domain of the person's institution vouches for them at once.

    `password` replaces what was typed before, where that may be a stranger's. Raises LinkExpired for a link that is
    too old, was used, or is not ours, and InvalidInput without a password that is needed.
    """
    person, typed_in = _claimed(secret, to_change=True)
    if _is_perhaps_a_strangers(person, typed_in, browser):
        _claim(person, password, at)
    mailbox_is_proved(person, at=at)
    return person


def _is_perhaps_a_strangers(person: Person, typed_in: str, browser: str) -> bool:
    return bool(person.password_hash) and typed_in != digest_of(browser)


def _claimed(secret: str, *, to_change: bool = False) -> tuple[Person, str]:
    """Whose link this is, and the digest of the browser in which the password was typed; "" for none."""
    try:
        person_id, email, typed_in = _links().loads(secret, max_age=LINK_SECONDS)
    except (BadData, ValueError):
        raise LinkExpired() from None
    person = db.session.get(
        Person, person_id, with_for_update=to_change or None, populate_existing=to_change
    )
    if person is None or person.email != email or person.mail_verified_at is not None:
        raise LinkExpired()
    return person, typed_in


def _claim(person: Person, password: str, at: datetime) -> None:
    """Nothing is left of what opens the account to whoever made it."""
    if not password:
        raise InvalidInput(fields={"wanted": lazy_gettext("Fill this in.")})
    set_password(person, password)
    person.orcid = None
    ended = lock_out(person, by=person, at=at, addresses=True)
    audit.record("account.claim", "person", person.id, by=person.id, at=at, **ended)


def mailbox_is_proved(person: Person, *, at: datetime) -> None:
    """The person reads this mailbox: a domain of their institution vouches for them at once.

    Who named no institution belongs to the one that gave out the mailbox, if any.
    """
    person.mail_verified_at = at
    audit.record("account.verify_mail", "person", person.id, by=person.id, at=at)
    if person.institution is None:
        person.institution = institution_of_mail(person.email)
    _let_domain_vouch(person, at)
    db.session.flush()


def name_institution(slug: str, *, by: Person, at: datetime) -> Institution:
    """Say where one works, once, after one signed up without it; its domain vouches for its mailboxes at once.

    Raises InvalidInput for one that is not there, and InstitutionNamed for who belongs to one already.
    """
    person = db.session.get_one(Person, by.id, with_for_update=True, populate_existing=True)
    if person.institution_id is not None:
        raise InstitutionNamed()
    institution = institution_by_slug(slug)
    if institution is None:
        sentence = lazy_gettext("Choose an institution from the list.")
        raise InvalidInput(fields={"institution": sentence})
    person.institution = institution
    audit.record(
        "account.institution", "person", by.id, by=by.id, at=at, institution=institution.slug
    )
    if person.mail_verified_at is not None:
        _let_domain_vouch(person, at)
    db.session.flush()
    return institution


def _let_domain_vouch(person: Person, at: datetime) -> None:
    institution = person.institution
    if institution is not None and is_mail_of(person.email, institution.mail_domains):
        vouch_by_domain(person, institution, at=at)


def vouch_by_domain(person: Person, institution: Institution, *, at: datetime) -> None:
    """The institution gave out the person's mailbox: that is enough to vouch for them."""
    person.verification = Verification.VOUCHED
    write_grant(person, Role.RESEARCHER, Scope("institution", institution.id), by=None, at=at)
    audit.record(
        "account.vouch", "person", person.id, by=None, at=at, domain=person.email.partition("@")[2]
    )


def _links() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="verify-mail")
