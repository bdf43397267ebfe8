"""Approval policies of the demonstration: two versions at one facility, a draft at another, and a host's with a step that binds."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from ..booking.policies.rules import Auto, Policy, PolicyStep, Silence, When
from ..booking.policies.services import activate, save_draft
from ..identity.rules import Role
from .people import People

_DECIDED = ("facility", "national-synchrotron-radiation-laboratory")
_BINDS, _BOUND = ("host", "ustc"), ("ustc-micro-nano-centre", "ustc-ktx-laboratory")
_DRAFTED = ("facility", "zju-center-of-electron-microscopy")

_MANAGER = PolicyStep(
    Role.FACILITY_MANAGER,
    working_days=3,
    silence=Silence.ESCALATE,
    escalate_to=Role.INTERNATIONAL_OFFICE,
)
_SAFETY = PolicyStep(Role.SAFETY_OFFICER, 1, When(safety_class=True), working_days=3)
_OFFICE = PolicyStep(
    Role.INTERNATIONAL_OFFICE, 2, When(countries_differ=True), working_days=5, remind_days=2
)
_KNOWN_PEOPLE = PolicyStep(
    Role.FACILITY_MANAGER,
    working_days=3,
    silence=Silence.ESCALATE,
    escalate_to=Role.INTERNATIONAL_OFFICE,
    auto=Auto(independent=True, uses=3, at_most=8 * 60),
)


def write_policies(people: People, at: datetime) -> None:
    """Beamtime has a written policy; the electron microscopes' is being thought about."""
    versions = (
        (timedelta(days=45), "Safety is asked together with the facility.", _MANAGER),
        (timedelta(days=2), "People whom we know need not wait for short times.", _KNOWN_PEOPLE),
    )
    for ago, note, manager in versions:
        policy = Policy((manager, _SAFETY, _OFFICE), hold_days=10)
        _draft(_DECIDED, policy, note, people, at - ago)
        activate(*_DECIDED, by=people.manager, at=at - ago, revision=None)
    _bind(people, at)
    policy = Policy((_KNOWN_PEOPLE, _SAFETY, _OFFICE))
    _draft(_DRAFTED, policy, "To be talked about on Monday.", people, at)


def _draft(where: tuple[str, str], policy: Policy, note: str, people: People, at: datetime) -> None:
    save_draft(*where, policy, note, by=people.manager, at=at, revision=None)


def _bind(people: People, at: datetime) -> None:
    """Whatever its facilities decide, the university's office sees every request from abroad.

    Where a facility decides nothing, its manager and, if need be, the safety officer are asked.
    """
    begun = at - timedelta(days=1)
    policy = Policy((_MANAGER, _SAFETY, replace(_OFFICE, binding=True)))
    note = "The office advises on visas and reports every cooperation."
    save_draft(*_BINDS, policy, note, by=people.office, at=begun, revision=None)
    activate(*_BINDS, by=people.office, at=begun, revision=None)
    for slug in _BOUND:
        where = ("facility", slug)
        _draft(where, Policy((_MANAGER, _SAFETY)), "The university asks the office.", people, begun)
        activate(*where, by=people.manager, at=begun, revision=None)
