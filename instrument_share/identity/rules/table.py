"""The one permission table: every permission, and who has it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .words import Role


class Permission(StrEnum):
    """What somebody may be allowed to do, one by one."""

    BOOK = "book"
    SEE_BOOKING = "see_booking"
    SEE_NOTES = "see_notes"  # what offices note on a booking among themselves
    SEE_FEEDBACK = "see_feedback"
    DECIDE_CREDIT = "decide_credit"  # uphold or lift a contested entry of somebody's record
    SEE_INSTITUTION_CREDIT = "see_institution_credit"
    EDIT_BOOKING = "edit_booking"
    CANCEL_BOOKING = "cancel_booking"
    DECIDE = "decide"
    RUN_BOOKING = "run_booking"  # start, finish, mark no-show
    ISSUE_LETTER = "issue_letter"  # invite the visitors of a booking in the host's name
    SEE_QUEUE = "see_queue"
    MANAGE_INSTRUMENT = "manage_instrument"
    SEE_USAGE = "see_usage"
    SEE_STATEMENT = "see_statement"
    ISSUE_STATEMENT = "issue_statement"
    SEE_QUOTA = "see_quota"
    SEE_AGREEMENT = "see_agreement"
    SEE_AGREEMENT_DOCUMENTS = "see_agreement_documents"
    MANAGE_AGREEMENT = "manage_agreement"
    MANAGE_PROJECT = "manage_project"  # begin joint projects, see and change all of them
    LEAD_PROJECT = "lead_project"  # change one, let people in and remove them
    ALLOCATE_TIME = "allocate_time"  # to a project, at a facility
    MANAGE_CALL = "manage_call"  # write a call for proposals, announce it, appoint reviewers
    DECIDE_CALL = "decide_call"  # give its hours to proposals: projects of their own come of it
    OWN_SHARES = "own_shares"  # say which share of a co-built facility an institution owns
    SCREEN_SAFETY = "screen_safety"  # decide what people answered about biosafety and radiation
    SCREEN_ABROAD = "screen_abroad"  # … about export control, genetic resources, data transfer
    SEE_EVIDENCE = "see_evidence"  # files with answers; the office in charge has them anyway
    QUALIFY = "qualify"  # say that somebody is trained on an instrument
    SEE_REPORT = "see_report"
    VOUCH = "vouch"
    GRANT_ROLE = "grant_role"
    SEE_ROLES = "see_roles"
    ADMIT_INSTITUTION = "admit_institution"
    VIEW_AS = "view_as"  # see the site as somebody else sees it, changing nothing
    ERASE_ACCOUNT = "erase_account"
    SEE_AUDIT = "see_audit"
    MANAGE_POLICY = "manage_policy"  # say who decides on requests


@dataclass(frozen=True, slots=True)
class Who:
    """One way to be allowed: as `anyone` signed in, as `owner`, or with `role` on one `side` of the subject."""

    side: str
    role: Role | None = None


ANYONE, OWNER = Who("anyone"), Who("owner")


def _host(*roles: Role) -> tuple[Who, ...]:
    return tuple(Who("host", role) for role in roles)


def _payer(*roles: Role) -> tuple[Who, ...]:
    return tuple(Who("payer", role) for role in roles)


_RUNNING = (Role.OPERATOR, Role.FACILITY_MANAGER)
_DECIDING = (Role.FACILITY_MANAGER, Role.SAFETY_OFFICER, Role.INTERNATIONAL_OFFICE)
_OVERSEEING = (Role.PROGRAMME_OFFICER, Role.ADMINISTRATOR)
_STAFF = (Role.OPERATOR, *_DECIDING, *_OVERSEEING)

#: The one permission table: a permission is held by whoever fits one of its entries.
PERMISSIONS: dict[Permission, tuple[Who, ...]] = {
    Permission.BOOK: (ANYONE,),
    Permission.SEE_BOOKING: (OWNER, *_host(*_STAFF), *_payer(Role.LIAISON)),
    Permission.SEE_NOTES: _host(*_STAFF),
    Permission.SEE_FEEDBACK: _host(*_RUNNING, *_OVERSEEING),
    Permission.DECIDE_CREDIT: _host(Role.FACILITY_MANAGER),
    Permission.SEE_INSTITUTION_CREDIT: _payer(Role.LIAISON),
    Permission.EDIT_BOOKING: (OWNER,),
    Permission.CANCEL_BOOKING: (OWNER, *_host(Role.FACILITY_MANAGER)),
    Permission.DECIDE: (*_host(*_DECIDING, Role.PROGRAMME_OFFICER), *_payer(Role.LIAISON)),
    Permission.RUN_BOOKING: _host(*_RUNNING),
    Permission.ISSUE_LETTER: _host(Role.INTERNATIONAL_OFFICE),
    Permission.SEE_QUEUE: (*_host(*_DECIDING, Role.PROGRAMME_OFFICER), *_payer(Role.LIAISON)),
    Permission.MANAGE_INSTRUMENT: _host(Role.FACILITY_MANAGER, Role.ADMINISTRATOR),
    Permission.SEE_USAGE: (
        OWNER,
        *_host(*_RUNNING, Role.INTERNATIONAL_OFFICE, *_OVERSEEING),
        *_payer(Role.LIAISON),
    ),
    Permission.SEE_STATEMENT: (
        *_host(Role.FACILITY_MANAGER, Role.INTERNATIONAL_OFFICE, *_OVERSEEING),
        *_payer(Role.LIAISON),
    ),
    Permission.ISSUE_STATEMENT: _host(Role.FACILITY_MANAGER, Role.PROGRAMME_OFFICER),
    Permission.SEE_QUOTA: (
        *_host(Role.FACILITY_MANAGER, Role.INTERNATIONAL_OFFICE, *_OVERSEEING),
        *_payer(Role.LIAISON, Role.RESEARCHER),
    ),
    Permission.SEE_AGREEMENT: (
        *_host(Role.FACILITY_MANAGER, Role.LIAISON, Role.INTERNATIONAL_OFFICE, *_OVERSEEING),
        *_payer(Role.LIAISON, Role.RESEARCHER),
    ),
    Permission.SEE_AGREEMENT_DOCUMENTS: (
        *_host(Role.LIAISON, Role.INTERNATIONAL_OFFICE, *_OVERSEEING),
        *_payer(Role.LIAISON),
    ),
    Permission.MANAGE_AGREEMENT: _host(Role.INTERNATIONAL_OFFICE, *_OVERSEEING),
    Permission.MANAGE_PROJECT: _host(Role.INTERNATIONAL_OFFICE, *_OVERSEEING),
    Permission.LEAD_PROJECT: (OWNER, *_host(Role.INTERNATIONAL_OFFICE, *_OVERSEEING)),
    Permission.ALLOCATE_TIME: _host(Role.FACILITY_MANAGER, Role.INTERNATIONAL_OFFICE, *_OVERSEEING),
    Permission.MANAGE_CALL: _host(Role.PROGRAMME_OFFICER),
    Permission.DECIDE_CALL: _host(Role.PROGRAMME_OFFICER),
    Permission.OWN_SHARES: _host(Role.INTERNATIONAL_OFFICE, *_OVERSEEING),
    Permission.SCREEN_SAFETY: _host(Role.SAFETY_OFFICER),
    Permission.SCREEN_ABROAD: _host(Role.INTERNATIONAL_OFFICE),
    Permission.SEE_EVIDENCE: (OWNER, *_host(Role.ADMINISTRATOR)),
    Permission.QUALIFY: _host(*_RUNNING, Role.ADMINISTRATOR),
    Permission.SEE_REPORT: _host(Role.FACILITY_MANAGER, Role.INTERNATIONAL_OFFICE, *_OVERSEEING),
    Permission.VOUCH: _payer(Role.LIAISON),
    Permission.GRANT_ROLE: _host(Role.ADMINISTRATOR),
    Permission.SEE_ROLES: _host(Role.FACILITY_MANAGER, Role.INTERNATIONAL_OFFICE, *_OVERSEEING),
    Permission.ADMIT_INSTITUTION: _host(Role.INTERNATIONAL_OFFICE, *_OVERSEEING),
    Permission.VIEW_AS: _host(Role.ADMINISTRATOR),
    Permission.ERASE_ACCOUNT: (OWNER, *_host(Role.ADMINISTRATOR)),
    Permission.SEE_AUDIT: _host(*_OVERSEEING),
    Permission.MANAGE_POLICY: _host(Role.FACILITY_MANAGER, Role.INTERNATIONAL_OFFICE),
}

#: Who gives a role and takes it back, over the place where it holds; one without a row is an administrator's to give.
GRANTED_BY: dict[Role, tuple[Who, ...]] = {
    Role.OPERATOR: _host(Role.FACILITY_MANAGER, Role.ADMINISTRATOR),
    Role.LIAISON: _host(*_OVERSEEING),
}
