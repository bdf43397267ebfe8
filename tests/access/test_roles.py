"""Roles are given and taken back by those who may, hold on their days, and their page says why."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from instrument_share.access.roles import places, queries, services
from instrument_share.access.roles.errors import NobodyThere, RoleDoesNotFit
from instrument_share.access.roles.rules import FITTING
from instrument_share.access.roles.values import RoleRequest
from instrument_share.foundation.errors import Forbidden, NotFound
from instrument_share.identity.acting import actor_of
from instrument_share.identity.errors import AlreadyGranted, OwnAdministration
from instrument_share.identity.labels import ALLOWS, ROLES
from instrument_share.identity.rules import (
    GRANTED_BY,
    PERMISSIONS,
    PROGRAMME,
    Actor,
    Permission,
    Role,
    Scope,
    grounds,
    may,
    subject,
)
from instrument_share.identity.values import ALWAYS, Days
from tests.support.builders import (
    AT,
    grant,
    make_facility,
    make_institution,
    make_person,
    make_staff,
)
from tests.support.signing import sign_in

pytestmark = pytest.mark.usefixtures("present")

TODAY = AT.date()


def wish(person, role=Role.OPERATOR, days=ALWAYS) -> RoleRequest:
    return RoleRequest(person.email, role, days)


def test_every_permission_and_role_has_its_words():
    assert set(ALLOWS) == set(Permission) == set(PERMISSIONS)
    assert set(ROLES) == set(Role) == set(FITTING)


def test_a_ground_is_found_exactly_where_a_permission_is():
    about = subject(owner_id=1, host=(Scope("facility", 2),), payer=(Scope("institution", 3),))
    for role in Role:
        for scope in (
            PROGRAMME,
            Scope("facility", 2),
            Scope("institution", 3),
            Scope("facility", 9),
        ):
            for person in (1, 5):
                actor = Actor(person, 3, frozenset({(role, scope)}))
                for permission in Permission:
                    found = grounds(actor, permission, about)
                    assert bool(found) == may(actor, permission, about), (role, scope, permission)


def test_a_manager_gives_operators_at_their_own_facility_and_nothing_else(session):
    facility, elsewhere = make_facility(), make_facility()
    manager = make_staff(Role.FACILITY_MANAGER, facility)
    helper = make_person(facility.host)
    place = f"facility:{facility.slug}"
    given = services.give_role(wish(helper), place, by=manager, at=AT)
    assert actor_of(helper).holds(Role.OPERATOR, Scope("facility", facility.id))
    with pytest.raises(AlreadyGranted):
        services.give_role(wish(helper), place, by=manager, at=AT)
    for role in set(Role) - set(GRANTED_BY):
        if "facility" in FITTING[role]:
            with pytest.raises(Forbidden):
                services.give_role(wish(helper, role), place, by=manager, at=AT)
    with pytest.raises(RoleDoesNotFit):
        services.give_role(wish(helper, Role.ADMINISTRATOR), place, by=manager, at=AT)
    for other in (f"facility:{elsewhere.slug}", f"institution:{facility.host.slug}", "programme"):
        with pytest.raises(NotFound):
            services.give_role(wish(helper), other, by=manager, at=AT)
    services.take_role(given.id, by=manager, at=AT)
    assert not actor_of(helper).grants


def test_a_role_holds_on_its_days_and_can_be_given_anew_afterwards(session):
    administrator, somebody = make_person(), make_person()
    grant(administrator, Role.ADMINISTRATOR, PROGRAMME)
    place = f"facility:{make_facility().slug}"
    week = Days(TODAY + timedelta(days=1), TODAY + timedelta(days=7))
    services.give_role(wish(somebody, days=week), place, by=administrator, at=AT)
    for days, holds in ((0, False), (1, True), (7, True), (8, False)):
        with time_machine.travel(AT + timedelta(days=days), tick=False):
            actor_of.__globals__["g"].pop("actors", None)
            assert bool(actor_of(somebody).grants) is holds, days
    later = AT + timedelta(days=8)
    assert services.give_role(wish(somebody), place, by=administrator, at=later).ends_on is None


def test_nobody_locks_themself_out_and_unknown_people_get_nothing(session):
    administrator = make_person()
    own = grant(administrator, Role.ADMINISTRATOR, PROGRAMME)
    with pytest.raises(OwnAdministration):
        services.take_role(own.id, by=administrator, at=AT)
    with pytest.raises(NobodyThere):
        services.give_role(
            RoleRequest("nobody@example.org", Role.OPERATOR, ALWAYS), "programme",
            by=administrator, at=AT,
        )  # fmt: skip


def test_whoever_may_not_give_a_role_does_not_learn_who_has_an_account(session):
    facility = make_facility()
    manager = make_staff(Role.FACILITY_MANAGER, facility)
    for email in (make_person().email, "nobody@example.org"):
        with pytest.raises(Forbidden):
            services.give_role(
                RoleRequest(email, Role.SAFETY_OFFICER, ALWAYS), f"facility:{facility.slug}",
                by=manager, at=AT,
            )  # fmt: skip


def test_an_administrator_of_one_university_sees_only_its_places(session):
    facility = make_facility()
    make_facility()
    administrator = make_person(facility.host)
    grant(administrator, Role.ADMINISTRATOR, Scope("institution", facility.host_id))
    seen = {place.address for place in places.places_seen_by(actor_of(administrator))}
    assert seen == {f"institution:{facility.host.slug}", f"facility:{facility.slug}"}


def test_the_page_tells_who_where_and_why(session, client, count_queries):
    facility = make_facility()
    manager = make_staff(Role.FACILITY_MANAGER, facility)
    office = make_person(facility.host)
    grant(office, Role.INTERNATIONAL_OFFICE, Scope("institution", facility.host_id))
    session.commit()
    sign_in(client, manager)
    with count_queries() as queries_made:
        page = client.get(f"/manage/roles?email={office.email}").text
    assert queries_made.count <= 12, queries_made
    assert office.display_name in page
    assert "As International office" in page
    refused = client.post(
        "/manage/roles",
        data={"place": f"facility:{facility.slug}", "email": "who@example.org", "role": "operator"},
    )
    assert refused.status_code == 422
    assert "who@example.org" in refused.text
    assert 'href="#field-email"' in refused.text
    stranger = make_person(make_institution())
    session.commit()
    assert stranger.display_name not in client.get(f"/manage/roles?email={stranger.email}").text


def test_reasons_are_told_for_every_permission(session):
    facility = make_facility()
    manager = make_staff(Role.FACILITY_MANAGER, facility)
    reasons = queries.reasons_of(manager, places.place_at(f"facility:{facility.slug}"))
    assert [reason.permission for reason in reasons] == list(Permission)
    decide = next(reason for reason in reasons if reason.permission == Permission.DECIDE)
    assert [ground.role for ground in decide.grounds] == [Role.FACILITY_MANAGER]
