"""Inviting people by mail, taking an invitation back, and accepting one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ...foundation.database import db
from ...foundation.errors import NotFound
from ...foundation.signals import people_invited
from .. import audit
from ..acting import actor_of
from ..lockout import lock_out
from ..models import Institution, Person
from ..openid.services import forget_identities
from ..passwords import hash_password
from ..queries import person_by_email
from ..rules import Permission, Role, Scope, Verification, may, subject
from ..services.accounts import create_account
from ..services.roles import write_grant
from ..turns import take_turn
from ..values import Profile
from .errors import AlreadyColleague, BelongsElsewhere, ForAnotherAddress, HasAccount
from .models import Invitation
from .queries import open_invitation, unused_for
from .rules import LIFE, Guest, InvitationState
from .standing import states_of


def invite(guest: Guest, institution: Institution, *, by: Person, at: datetime) -> Invitation:
    """Send somebody a link by which they join the institution. Whether they have an account elsewhere is not told.

    Who has an open invitation keeps it and gets no second mail.

    Raises NotFound for an institution that is not the liaison's own, AlreadyColleague.
    """
    known = person_by_email(guest.email)
    if known is not None and known.institution_id == institution.id:
        raise AlreadyColleague(fields={"email": AlreadyColleague.message})
    made = invite_all([guest], institution, by=by, at=at)
    return made[0] if made else unused_for(institution, [guest.email])[guest.email]


def invite_all(
    guests: Sequence[Guest], institution: Institution, *, by: Person, at: datetime
) -> list[Invitation]:
    """Invite each of them who has no open invitation yet; those whose invitation expired or is
    void get a new one.

    Raises NotFound for an institution that is not the liaison's own.
    """
    _check_own(institution, by)
    db.session.refresh(institution, with_for_update={"key_share": True})  # one after the other
    present = unused_for(institution, [guest.email for guest in guests])
    states = states_of(present.values(), at)
    for each in list(present.values()):
        if states[each.id] is not InvitationState.OPEN:
            each.withdrawn_at = at
            del present[each.email]
    db.session.flush()
    made = [_new(guest, institution, by, at) for guest in guests if guest.email not in present]
    db.session.add_all(made)
    db.session.flush()
    for each in made:
        audit.record("invitation.make", "invitation", each.id, by=by.id, at=at,
                     institution=institution.id)  # fmt: skip
    if made:
        people_invited.send(institution, invitations=made, by=by, at=at)
    return made


def withdraw(invitation_id: int, *, by: Person, at: datetime) -> Invitation:
    """Make the link void. One that is over already stays as it is. Raises NotFound where it is not the liaison's."""
    invitation = db.session.get(Invitation, invitation_id, with_for_update=True)
    if invitation is None:
        raise NotFound()
    _check_own(invitation.institution, by)
    if invitation.state_at(at) is InvitationState.OPEN:
        invitation.withdrawn_at = at
        audit.record("invitation.withdraw", "invitation", invitation.id, by=by.id, at=at)
    db.session.flush()
    return invitation


def accept(secret: str, *, by: Person, at: datetime) -> Person:
    """Somebody with an account joins. Raises InvitationOver, ForAnotherAddress, BelongsElsewhere."""
    invitation = open_invitation(secret, at, to_change=True)
    if by.email != invitation.email:
        raise ForAnotherAddress()
    take_turn(by)  # two institutions may have invited them
    if by.institution_id not in (None, invitation.institution_id):
        raise BelongsElsewhere()
    _join(by, invitation, at)
    return by


def accept_anew(secret: str, profile: Profile, password: str, *, at: datetime) -> Person:
    """Somebody joins with a new account: who opened the mail has proved the mailbox.

    An account whose mailbox nobody proved may have been made by a stranger: it becomes this person's own, with
    nothing left of what the stranger chose. Raises InvitationOver, HasAccount.
    """
    invitation = open_invitation(secret, at, to_change=True)
    person = person_by_email(invitation.email)
    if person is None:
        person = create_account(
            invitation.email, password, profile.display_name, at=at, language=profile.language,
            time_zone=profile.time_zone, latin_name=profile.latin_name, verified=False,
        )  # fmt: skip
    elif person.mail_verified_at is not None or not person.is_active:
        raise HasAccount()
    else:
        _take_over(person, profile, password, at)
    _join(person, invitation, at)
    return person


def _new(guest: Guest, institution: Institution, by: Person, at: datetime) -> Invitation:
    return Invitation(
        institution=institution, email=guest.email, name=guest.name, language=guest.language,
        invited_by=by, created_at=at, expires_at=at + LIFE,
    )  # fmt: skip


def _check_own(institution: Institution, by: Person) -> None:
    own = subject(payer=(Scope("institution", institution.id),))
    if not may(actor_of(by), Permission.VOUCH, own):
        raise NotFound()


def _take_over(person: Person, profile: Profile, password: str, at: datetime) -> None:
    person.display_name, person.latin_name = profile.display_name, profile.latin_name
    person.language, person.time_zone = profile.language, profile.time_zone
    person.password_hash, person.orcid = hash_password(password), None
    person.institution = None
    ended = lock_out(person, by=person, at=at, addresses=True)
    forget_identities(person, at=at, why="mailbox proved by an invitation")
    audit.record("account.claim", "person", person.id, by=person.id, at=at, **ended)


def _join(person: Person, invitation: Invitation, at: datetime) -> None:
    invitation.accepted_at, invitation.accepted_by_id = at, person.id
    person.institution = invitation.institution
    person.mail_verified_at = person.mail_verified_at or at
    person.verification = Verification.VOUCHED
    db.session.flush()
    own = Scope("institution", invitation.institution_id)
    write_grant(person, Role.RESEARCHER, own, by=invitation.invited_by, at=at)
    audit.record("invitation.accept", "invitation", invitation.id, by=person.id, at=at)
    audit.record(
        "account.vouch", "person", person.id, by=invitation.invited_by_id, at=at,
        invitation=invitation.id,
    )  # fmt: skip
    db.session.flush()
