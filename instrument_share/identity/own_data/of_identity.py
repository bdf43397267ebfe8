"""What this floor holds about a person: the account, roles, ways in, institutions, and the trail."""

from __future__ import annotations

from flask_babel import lazy_gettext
from sqlalchemy import ColumnElement, and_

from ..applications.models import InstitutionApplication
from ..invitations.models import Invitation
from ..models import ApiToken, AuditEntry, Deputy, IdempotencyKey, Person, RoleGrant
from ..openid.models import OpenidAttempt, OpenidIdentity
from ..second_factor.models import RecoveryCode, SecondFactor
from ..sessions.models import SignInSession
from . import of_erasure
from .registry import Part, Rows, register


def connect() -> None:
    """Say what is held. Connecting again changes nothing."""
    register(_ACCOUNT, _ROLES, _WAYS_IN, _INSTITUTIONS, _TRAIL)


def _about(person_id: int) -> ColumnElement[bool]:
    return and_(AuditEntry.subject_kind == "person", AuditEntry.subject_id == str(person_id))


_ACCOUNT = Part(
    "account",
    lazy_gettext("Account"),
    lazy_gettext("Who you are: names, addresses, institution, language and time zone."),
    (Rows("account", Person.id, without=("id",)),),
    goes=lazy_gettext("Names, mail address, ORCID iD, institution, time zone and password."),
    stays=lazy_gettext("The number of the account, by which what stays is kept together."),
    erase=of_erasure.account,
    hindrances=of_erasure.last_administrator,
)
_ROLES = Part(
    "roles",
    lazy_gettext("Roles and deputies"),
    lazy_gettext(
        "The roles that you hold, those that you gave, and for whom you stand in from when to when."
    ),
    (
        Rows("roles", RoleGrant.person_id),
        Rows(
            "roles_you_gave", RoleGrant.granted_by_id,
            only=("role", "scope_kind", "starts_on", "ends_on", "granted_at"),
        ),
        Rows("your_deputies", Deputy.person_id),
        Rows("deputy_for_others", Deputy.deputy_id),
    ),
    goes=lazy_gettext("Roles and deputies."),
    stays=lazy_gettext("That roles were given to others."),
    erase=of_erasure.roles,
)  # fmt: skip
_WAYS_IN = Part(
    "sign_in",
    lazy_gettext("Signing in"),
    lazy_gettext(
        "Devices on which you signed in, tokens of your programs and your second factor, each without its secret."
    ),
    (
        Rows("sessions", SignInSession.person_id, without=("serial",)),
        Rows("tokens", ApiToken.person_id),
        Rows("openid_identities", OpenidIdentity.person_id, without=("browser_digest",)),
        Rows("openid_attempts", OpenidAttempt.person_id, only=("provider", "started_at")),
        Rows("second_factor", SecondFactor.person_id, only=("created_at",)),
        Rows("recovery_codes_left", RecoveryCode.person_id, only=("id",)),
        Rows("repeatable_requests", IdempotencyKey.person_id, only=("key", "created_at")),
    ),
    goes=lazy_gettext("Sessions, tokens, the second factor and linked identities."),
    erase=of_erasure.ways_in,
)
_INSTITUTIONS = Part(
    "institutions",
    lazy_gettext("Invitations and applications"),
    lazy_gettext(
        "The invitation by which you came, those that you sent, and applications of institutions."
    ),
    (
        Rows("invitation", Invitation.accepted_by_id),
        Rows("invitations_you_sent", Invitation.invited_by_id, without=("email", "name")),
        Rows("applications", InstitutionApplication.applicant_id),
        Rows(
            "applications_you_decided", InstitutionApplication.decided_by_id,
            only=("reference", "state", "comment", "decided_at"),
        ),
    ),
    goes=lazy_gettext(
        "Name and address in invitations, and an application of an institution that waits for its answer."
    ),
    stays=lazy_gettext("Applications of institutions that were decided on."),
    erase=of_erasure.institutions,
)  # fmt: skip
_TRAIL = Part(
    "audit_trail",
    lazy_gettext("Audit trail"),
    lazy_gettext(
        "What you did here and what was done with your account, as it stands in the trail that cannot be changed."
    ),
    (
        Rows(
            "what_you_did", AuditEntry.actor_id,
            only=("sequence", "at", "action", "subject_kind", "request_id"),
        ),
        Rows(
            "what_was_done_with_your_account", AuditEntry.subject_id, where=_about,
            without=("actor_id", "subject_id"),
        ),
    ),
    stays=lazy_gettext(
        "What was done and when, under the number of the account: entries are chained and cannot be changed."
    ),
)  # fmt: skip
