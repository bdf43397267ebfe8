"""What this floor does when an account is erased."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext
from sqlalchemy import String, cast, delete, or_, update

from ...foundation.database import db
from .. import audit
from ..acting import holders_of
from ..applications.models import InstitutionApplication
from ..applications.rules import ApplicationState
from ..invitations.models import Invitation
from ..models import ApiToken, Deputy, IdempotencyKey, Person, RoleGrant
from ..openid.models import OpenidAttempt, OpenidIdentity
from ..rules import PROGRAMME, Role, Verification
from ..second_factor import services as second_factor
from ..sessions.models import SignInSession
from .copies import holds_copy
from .registry import Erasure, Hindrance


def account(erasure: Erasure) -> None:
    """Nothing of who they were is left in the row; nobody can sign in to it, or claim it by the old address."""
    audit.write_down()  # what they did by erasing it, before there is nobody who did it
    person = erasure.person
    person.email, person.display_name, person.latin_name = erasure.email, erasure.called, ""
    person.orcid, person.institution = None, None
    person.time_zone, person.password_hash = "UTC", ""
    person.verification = Verification.UNVERIFIED
    person.mail_verified_at = erasure.at  # there is no mailbox left that somebody might claim
    person.suspended_at = person.erased_at = erasure.at
    person.session_serial = Person.session_serial + 1


def roles(erasure: Erasure) -> None:
    own = erasure.person.id
    db.session.execute(delete(Deputy).where(or_(Deputy.person_id == own, Deputy.deputy_id == own)))
    db.session.execute(delete(RoleGrant).where(RoleGrant.person_id == own))


def ways_in(erasure: Erasure) -> None:
    """Also the kept answers of other people's requests that name the person: they are asked for again for days only."""
    second_factor.forget(erasure.person)
    for table in (SignInSession, ApiToken, IdempotencyKey, OpenidIdentity, OpenidAttempt):
        db.session.execute(delete(table).where(table.person_id == erasure.person.id))
    answers = cast(IdempotencyKey.answer, String)
    db.session.execute(delete(IdempotencyKey).where(holds_copy(answers, erasure)))


def institutions(erasure: Erasure) -> None:
    """Nobody is admitted for an institution any more, nor by an invitation to the old mailbox."""
    db.session.execute(
        delete(InstitutionApplication).where(
            InstitutionApplication.applicant_id == erasure.person.id,
            InstitutionApplication.state == ApplicationState.WAITING,
        )
    )
    _invitations(erasure)


def _invitations(erasure: Erasure) -> None:
    theirs = or_(
        Invitation.accepted_by_id == erasure.person.id, Invitation.email == erasure.person.email
    )
    unused = Invitation.accepted_at.is_(None) & Invitation.withdrawn_at.is_(None)
    db.session.execute(update(Invitation).where(theirs, unused).values(withdrawn_at=erasure.at))
    db.session.execute(
        update(Invitation).where(theirs).values(email=erasure.email, name=erasure.called)
    )


def last_administrator(person: Person, at: datetime) -> Iterable[Hindrance]:
    """Somebody must be left who runs the site."""
    is_one = any(
        grant.role == Role.ADMINISTRATOR and grant.scope_kind == PROGRAMME.kind
        for grant in person.grants
    )
    if is_one and not holders_of(Role.ADMINISTRATOR, [PROGRAMME], at.date(), besides=person.id):
        yield Hindrance(
            gettext("Nobody else is administrator of this site."),
            gettext("Give somebody else the role"),
            "roles.index",
        )
