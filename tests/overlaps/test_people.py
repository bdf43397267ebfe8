"""Roles, institutions and ways in of one person, or of two, at the same moment."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from instrument_share.foundation.database import db
from instrument_share.foundation.errors import Forbidden, InvalidInput, NotAuthenticated, NotFound
from instrument_share.foundation.transaction import perform
from instrument_share.identity import services as accounts
from instrument_share.identity.applications import services as applications
from instrument_share.identity.applications.errors import AlreadyHere, StillWaiting
from instrument_share.identity.applications.values import Admission, ApplicationRequest
from instrument_share.identity.errors import AlreadyGranted, InstitutionNamed, LinkExpired
from instrument_share.identity.invitations import services as invitations
from instrument_share.identity.invitations.errors import BelongsElsewhere
from instrument_share.identity.invitations.links import path_of
from instrument_share.identity.invitations.rules import Guest
from instrument_share.identity.models import ApiToken, Person, RoleGrant
from instrument_share.identity.own_data.erasing import erase
from instrument_share.identity.passwords import hash_password, password_fits
from instrument_share.identity.rules import PROGRAMME, Role, Scope
from instrument_share.identity.services import signing_up
from instrument_share.identity.sessions.services import end_everything
from instrument_share.identity.values import Absence
from instrument_share.notification.models import Message
from tests.support.builders import AT, grant, make_institution, make_person
from tests.support.marks import postgresql_only
from tests.support.overlap import doing, in_between, outcomes
from tests.support.scene import make_scene

OLD = "correct horse battery"


@postgresql_only
def test_nobody_has_a_role_of_the_programme_twice(session, both):
    admin, other = make_person(), make_person()
    grant(admin, Role.ADMINISTRATOR, PROGRAMME)
    give = doing(
        accounts.grant_role, other, Role.PROGRAMME_OFFICER, PROGRAMME, by=admin.id,
    )  # fmt: skip
    assert outcomes(both(give, give)) == [None, AlreadyGranted]


@postgresql_only
@pytest.mark.parametrize("way", ["withdraw_role", "suspend", "erase"])
def test_two_administrators_do_not_end_each_other(session, both, way):
    admins = [make_person(), make_person()]
    grants = [grant(each, Role.ADMINISTRATOR, PROGRAMME).id for each in admins]
    ids = [each.id for each in admins]
    match way:
        case "withdraw_role":
            calls = [doing(accounts.withdraw_role, grants[i], by=ids[1 - i]) for i in (0, 1)]
        case "suspend":
            calls = [doing(accounts.suspend, ids[i], by=ids[1 - i]) for i in (0, 1)]
        case _:
            calls = [doing(erase, each, by=each) for each in ids]
    done, refused = both(*calls)
    assert not isinstance(done, Exception)
    assert isinstance(refused, Forbidden | NotAuthenticated) or refused.code == "erasure_hindered"
    assert session.scalar(
        select(func.count(RoleGrant.id))
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.role == Role.ADMINISTRATOR, Person.suspended_at.is_(None))
    )


@postgresql_only
def test_one_applies_once_and_one_of_two_alike_is_admitted(session, both):
    people, officer = [make_person(), make_person()], make_person()
    grant(officer, Role.PROGRAMME_OFFICER, PROGRAMME)
    wanted = ApplicationRequest({"en": "New"}, "KZ", "Asia/Almaty", "", ("new.example",), "Why")
    ask = doing(applications.apply, wanted, by=people[0].id)
    assert outcomes(both(ask, ask)) == [None, StillWaiting]
    applications.apply(wanted, by=people[1], at=AT)
    waits = session.scalars(select(applications.InstitutionApplication.reference)).all()
    admit = [
        doing(applications.admit, each, Admission(), by=officer.id, version=1) for each in waits
    ]
    assert outcomes(both(*admit)) == [None, AlreadyHere]


@postgresql_only
def test_who_is_invited_by_two_institutions_joins_one(session, both):
    person, secrets = make_person(), []
    for liaison in (make_person(make_institution()), make_person(make_institution())):
        grant(liaison, Role.LIAISON, Scope("institution", liaison.institution_id))
        guest = Guest(person.email, "Amina", "ar")
        (made,) = invitations.invite_all([guest], liaison.institution, by=liaison, at=AT)
        secrets.append(path_of(made.id, made.email).rpartition("/")[2])
    given = both(*(doing(invitations.accept, each, by=person.id) for each in secrets))
    assert outcomes(given) == [None, BelongsElsewhere]


def test_who_is_signed_out_everywhere_gets_no_token_and_sets_no_password(app, session):
    """By a request that was on its way then: a thief's, say, who has the old password."""
    person = make_person(password_hash=hash_password(OLD))
    session.commit()

    def with_the_old(service, *given):
        def run():
            asking = db.session.get_one(Person, person.id)
            return perform(service, asking, *given, at=AT)

        return run

    out = with_the_old(end_everything)
    late = in_between(app, out, with_the_old(accounts.issue_token, "mine"))
    assert outcomes(late) == [None, NotAuthenticated]
    change = with_the_old(accounts.change_password, OLD, "what the owner chose")
    late = in_between(app, change, with_the_old(accounts.change_password, OLD, "what a thief has"))
    assert outcomes(late) == [None, NotAuthenticated]
    session.rollback()
    session.expire_all()
    assert password_fits(person.password_hash, "what the owner chose")
    assert session.scalar(select(func.count(ApiToken.id))) == 0


@postgresql_only
def test_a_token_that_comes_at_the_same_moment_ends_with_all_others(session, both):
    person = make_person()
    given = both(doing(accounts.issue_token, person, "x"), doing(end_everything, person))
    assert outcomes(given) == [None, None]
    assert session.scalars(select(ApiToken.revoked_at)).all() == [AT]
    serial = person.session_serial
    assert outcomes(both(*[doing(end_everything, person)] * 2)) == [None, None]
    assert person.session_serial == serial + 2


@postgresql_only
def test_an_erased_account_is_not_opened_again_at_the_same_moment(session, both):
    person, admin = make_person(suspended_at=AT), make_person()
    grant(admin, Role.ADMINISTRATOR, PROGRAMME)
    reinstate = doing(accounts.reinstate, person.id, by=admin.id)
    assert outcomes(both(doing(erase, person.id, by=admin.id), reinstate)) == [None, NotFound]


@postgresql_only
def test_a_role_that_is_taken_back_is_not_lent_at_the_same_moment(session, both):
    scene, admin = make_scene(), make_person()
    grant(admin, Role.ADMINISTRATOR, PROGRAMME)
    deputy = make_person(scene.instrument.facility.host)
    role = session.scalar(select(RoleGrant.id).where(RoleGrant.person_id == scene.manager.id))
    days = Absence(deputy.email, role, date(2026, 3, 2), date(2026, 3, 5))
    given = both(
        doing(accounts.withdraw_role, role, by=admin.id),
        doing(accounts.name_deputy, days, by=scene.manager.id),
    )
    assert outcomes(given) == [None, InvalidInput]


@postgresql_only
def test_a_deputy_is_withdrawn_once(session, both):
    scene = make_scene()
    deputy = make_person(scene.instrument.facility.host)
    days = Absence(deputy.email, None, date(2026, 3, 2), date(2026, 3, 5))
    named = accounts.name_deputy(days, by=scene.manager, at=AT)
    end = doing(accounts.withdraw_deputy, named.id, by=scene.manager.id)
    assert outcomes(both(end, end)) == [None, NotFound]


def test_a_link_that_was_read_before_it_was_used_opens_nothing(app, session):
    person = make_person(password_hash=hash_password(OLD))
    accounts.ask_for_new_password(person.email, at=AT)
    secret = session.scalar(select(Message.facts).order_by(Message.id.desc()))["secret"]
    session.commit()

    def chosen(wanted):
        def run():
            seen = accounts.check_link(secret)  # the page shows whose it is
            changed = perform(accounts.set_forgotten_password, secret, wanted, at=AT)
            assert changed is seen

        return run

    late = in_between(app, chosen("what the owner chose"), chosen("what a thief has"))
    assert outcomes(late) == [None, LinkExpired]


def test_one_works_where_one_said_first(app, session):
    person, places = make_person(), [make_institution().slug for _ in range(2)]
    session.commit()
    name = [doing(signing_up.name_institution, each, by=person.id) for each in places]
    assert outcomes(in_between(app, *name)) == [None, InstitutionNamed]
