"""Who may do what: roles, scopes and the one permission table.

Pure: an Actor is what a person is at a moment (live grants only), a Subject is what is asked about.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum


class InstitutionKind(StrEnum):
    HOST = "host"
    PARTNER = "partner"
    BOTH = "both"


class Verification(StrEnum):
    """How sure we are of a person: vouched by mail domain, liaison or OpenID Connect, or not yet."""

    UNVERIFIED = "unverified"
    VOUCHED = "vouched"


class Role(StrEnum):
    RESEARCHER = "researcher"
    LIAISON = "liaison"
    OPERATOR = "operator"
    FACILITY_MANAGER = "facility_manager"
    SAFETY_OFFICER = "safety_officer"
    INTERNATIONAL_OFFICE = "international_office"
    PROGRAMME_OFFICER = "programme_officer"
    ADMINISTRATOR = "administrator"


class Action(StrEnum):
    """Everything that a permission is asked for."""

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
    SCREEN_ABROAD = (
        "screen_abroad"  # … about export control, human genetic resources, data transfer
    )
    SEE_EVIDENCE = (
        "see_evidence"  # files that came with answers; the office in charge has them anyway
    )
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
class Scope:
    """Where a role holds: ("programme", None), ("institution", 3), ("facility", 5), ("instrument", 7)."""

    kind: str
    id: int | None = None


PROGRAMME = Scope("programme")


#: Roles that somebody else can exercise for a while. Who runs the site, and who somebody is, cannot be lent.
LENDABLE = frozenset(Role) - {Role.ADMINISTRATOR, Role.RESEARCHER}


@dataclass(frozen=True, slots=True)
class Lent:
    """A role that is exercised for the person who holds it."""

    role: Role
    scope: Scope
    holder_id: int


@dataclass(frozen=True, slots=True)
class Actor:
    """A person at a moment. Suspended people have no Actor: they may nothing.

    `grants` are all that they may use, `lent` those of them that they have only as somebody's deputy.
    """

    person_id: int
    institution_id: int | None = None
    grants: frozenset[tuple[Role, Scope]] = frozenset()
    lent: frozenset[Lent] = frozenset()

    @property
    def own(self) -> frozenset[tuple[Role, Scope]]:
        """What was granted to themselves."""
        return self.grants - {(each.role, each.scope) for each in self.lent}

    def by_themselves(self) -> Actor:
        """The actor where nobody acts for anybody."""
        return replace(self, grants=self.own, lent=frozenset())

    def holds(self, role: Role, *scopes: Scope) -> bool:
        return any((role, scope) in self.grants for scope in scopes)

    def without(self, holder_id: int) -> Actor:
        """The actor where nobody may act for this holder, as in the holder's own matter."""
        gone = {each for each in self.lent if each.holder_id == holder_id}
        if not gone:
            return self
        kept = self.lent - gone
        lost = {(each.role, each.scope) for each in gone} - {
            (each.role, each.scope) for each in kept
        }
        return replace(self, grants=self.grants - lost, lent=kept)

    def stands_in_for(self, role: Role, *scopes: Scope) -> int | None:
        """Whose role it is that the actor would use; None where it is their own."""
        if any((role, scope) in self.own for scope in scopes):
            return None
        holders = (e.holder_id for e in self.lent if e.role == role and e.scope in scopes)
        return min(holders, default=None)


@dataclass(frozen=True, slots=True)
class Subject:
    """What an action is about: who owns it and which scopes cover it on the host's and the payer's side."""

    owner_id: int | None = None
    host: frozenset[Scope] = field(default_factory=frozenset)
    payer: frozenset[Scope] = field(default_factory=frozenset)


def subject(
    *, owner_id: int | None = None, host: tuple[Scope, ...] = (), payer: tuple[Scope, ...] = ()
) -> Subject:
    """A Subject; the programme covers everything."""
    return Subject(owner_id, frozenset((PROGRAMME, *host)), frozenset((PROGRAMME, *payer)))


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

#: The one permission table: an action is allowed to whoever fits one of its entries.
PERMISSIONS: dict[Action, tuple[Who, ...]] = {
    Action.BOOK: (ANYONE,),
    Action.SEE_BOOKING: (OWNER, *_host(*_RUNNING, *_DECIDING, *_OVERSEEING), *_payer(Role.LIAISON)),
    Action.SEE_NOTES: _host(*_RUNNING, *_DECIDING, *_OVERSEEING),
    Action.SEE_FEEDBACK: _host(*_RUNNING, *_OVERSEEING),
    Action.DECIDE_CREDIT: _host(Role.FACILITY_MANAGER),
    Action.SEE_INSTITUTION_CREDIT: _payer(Role.LIAISON),
    Action.EDIT_BOOKING: (OWNER,),
    Action.CANCEL_BOOKING: (OWNER, *_host(Role.FACILITY_MANAGER)),
    Action.DECIDE: (*_host(*_DECIDING, Role.PROGRAMME_OFFICER), *_payer(Role.LIAISON)),
    Action.RUN_BOOKING: _host(*_RUNNING),
    Action.ISSUE_LETTER: _host(Role.INTERNATIONAL_OFFICE),
    Action.SEE_QUEUE: (*_host(*_DECIDING, Role.PROGRAMME_OFFICER), *_payer(Role.LIAISON)),
    Action.MANAGE_INSTRUMENT: _host(Role.FACILITY_MANAGER, Role.ADMINISTRATOR),
    Action.SEE_USAGE: (
        OWNER,
        *_host(*_RUNNING, Role.INTERNATIONAL_OFFICE, *_OVERSEEING),
        *_payer(Role.LIAISON),
    ),
    Action.SEE_STATEMENT: (
        *_host(Role.FACILITY_MANAGER, Role.INTERNATIONAL_OFFICE, *_OVERSEEING),
        *_payer(Role.LIAISON),
    ),
    Action.ISSUE_STATEMENT: _host(Role.FACILITY_MANAGER, Role.PROGRAMME_OFFICER),
    Action.SEE_QUOTA: (
        *_host(Role.FACILITY_MANAGER, Role.INTERNATIONAL_OFFICE, *_OVERSEEING),
        *_payer(Role.LIAISON, Role.RESEARCHER),
    ),
    Action.SEE_AGREEMENT: (
        *_host(Role.FACILITY_MANAGER, Role.LIAISON, Role.INTERNATIONAL_OFFICE, *_OVERSEEING),
        *_payer(Role.LIAISON, Role.RESEARCHER),
    ),
    Action.SEE_AGREEMENT_DOCUMENTS: (
        *_host(Role.LIAISON, Role.INTERNATIONAL_OFFICE, *_OVERSEEING),
        *_payer(Role.LIAISON),
    ),
    Action.MANAGE_AGREEMENT: _host(Role.INTERNATIONAL_OFFICE, *_OVERSEEING),
    Action.MANAGE_PROJECT: _host(Role.INTERNATIONAL_OFFICE, *_OVERSEEING),
    Action.LEAD_PROJECT: (OWNER, *_host(Role.INTERNATIONAL_OFFICE, *_OVERSEEING)),
    Action.ALLOCATE_TIME: _host(Role.FACILITY_MANAGER, Role.INTERNATIONAL_OFFICE, *_OVERSEEING),
    Action.MANAGE_CALL: _host(Role.PROGRAMME_OFFICER),
    Action.DECIDE_CALL: _host(Role.PROGRAMME_OFFICER),
    Action.OWN_SHARES: _host(Role.INTERNATIONAL_OFFICE, *_OVERSEEING),
    Action.SCREEN_SAFETY: _host(Role.SAFETY_OFFICER),
    Action.SCREEN_ABROAD: _host(Role.INTERNATIONAL_OFFICE),
    Action.SEE_EVIDENCE: (OWNER, *_host(Role.ADMINISTRATOR)),
    Action.QUALIFY: _host(*_RUNNING, Role.ADMINISTRATOR),
    Action.SEE_REPORT: _host(Role.FACILITY_MANAGER, Role.INTERNATIONAL_OFFICE, *_OVERSEEING),
    Action.VOUCH: _payer(Role.LIAISON),
    Action.GRANT_ROLE: _host(Role.ADMINISTRATOR),
    Action.SEE_ROLES: _host(Role.FACILITY_MANAGER, Role.INTERNATIONAL_OFFICE, *_OVERSEEING),
    Action.ADMIT_INSTITUTION: _host(Role.INTERNATIONAL_OFFICE, *_OVERSEEING),
    Action.VIEW_AS: _host(Role.ADMINISTRATOR),
    Action.ERASE_ACCOUNT: (OWNER, *_host(Role.ADMINISTRATOR)),
    Action.SEE_AUDIT: _host(*_OVERSEEING),
    Action.MANAGE_POLICY: _host(Role.FACILITY_MANAGER, Role.INTERNATIONAL_OFFICE),
}

#: Who gives a role and takes it back, over the place where it holds; one without a row is an administrator's to give.
GRANTED_BY: dict[Role, tuple[Who, ...]] = {
    Role.OPERATOR: _host(Role.FACILITY_MANAGER, Role.ADMINISTRATOR),
    Role.LIAISON: _host(*_OVERSEEING),
}


def may(actor: Actor | None, action: Action, about: Subject) -> bool:
    """Whether `actor` is allowed `action` on `about`. Nobody signed in is allowed nothing."""
    return actor is not None and any(_fits(actor, who, about) for who in PERMISSIONS[action])


def may_judge(actor: Actor | None, action: Action, about: Subject) -> bool:
    """The same for decisions: nobody makes one in their own matter, and no deputy in that of whom they stand in for."""
    if actor is None or about.owner_id is None:
        return may(actor, action, about)
    return about.owner_id != actor.person_id and may(actor.without(about.owner_id), action, about)


def may_grant(actor: Actor, role: Role, over: Subject) -> bool:
    """Whether `actor` gives `role`, and takes it back, over the place that `over` covers."""
    givers = GRANTED_BY.get(role, PERMISSIONS[Action.GRANT_ROLE])
    return any(_fits(actor, who, over) for who in givers)


@dataclass(frozen=True, slots=True)
class Ground:
    """Why somebody may do something: as `anyone`, as `owner`, or by `role` held within `scope`."""

    side: str
    role: Role | None = None
    scope: Scope | None = None


def grounds(actor: Actor, action: Action, about: Subject) -> list[Ground]:
    """Every reason for which `actor` is allowed `action` on `about`; none where they are not."""
    return [ground for who in PERMISSIONS[action] for ground in _grounds_in(actor, who, about)]


def _grounds_in(actor: Actor, who: Who, about: Subject) -> list[Ground]:
    if who.role is None:
        return [Ground(who.side)] if _fits(actor, who, about) else []
    covering = about.host if who.side == "host" else about.payer
    held = [scope for scope in covering if (who.role, scope) in actor.grants]
    return [Ground(who.side, who.role, scope) for scope in sorted(held, key=lambda each: each.kind)]


def acts_for(actor: Actor, action: Action, about: Subject) -> int | None:
    """Whose deputy the actor is when they do what they may: None where they may by themselves."""
    if not actor.lent or may(actor.by_themselves(), action, about):
        return None
    sides = {"host": about.host, "payer": about.payer}
    holders = (
        actor.stands_in_for(who.role, *sides[who.side])
        for who in PERMISSIONS[action]
        if who.role is not None
    )
    return min((each for each in holders if each is not None), default=None)


def scopes_held(actor: Actor, action: Action, side: str) -> frozenset[Scope]:
    """The scopes within which the actor is allowed the action by a role on that side: for list filters."""
    roles = {who.role for who in PERMISSIONS[action] if who.side == side}
    return frozenset(scope for role, scope in actor.grants if role in roles)


def may_somewhere(actor: Actor, action: Action) -> bool:
    """Whether a role of theirs allows the action anywhere at all: for menus and pages that list."""
    return any(scopes_held(actor, action, side) for side in ("host", "payer"))


def _fits(actor: Actor, who: Who, about: Subject) -> bool:
    if who.side == "anyone":
        return True
    if who.side == "owner":
        return about.owner_id == actor.person_id
    scopes = about.host if who.side == "host" else about.payer
    return who.role is not None and actor.holds(who.role, *scopes)


def is_mail_of(email: str, domains: Iterable[str]) -> bool:
    """Whether a mail address belongs to one of an institution's domains or to a subdomain of one."""
    domain = email.rpartition("@")[2].lower()
    return any(domain == each or domain.endswith(f".{each}") for each in map(str.lower, domains))
