"""An account is erased: nothing personal is left but where the page says so, and the chains still hold."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import String, cast, func, select

from instrument_share.access.calls.proposing.models import Proposal
from instrument_share.access.calls.proposing.services import withdraw
from instrument_share.access.training.models import TrainingPlace
from instrument_share.access.training.services import give_up
from instrument_share.accounting.verification import findings
from instrument_share.booking import services as booking
from instrument_share.booking.models import Booking
from instrument_share.booking.rules import LIVE
from instrument_share.booking.waiting.models import WaitingEntry
from instrument_share.booking.waiting.rules import STANDING
from instrument_share.booking.waiting.services import leave
from instrument_share.foundation.database import db
from instrument_share.foundation.errors import NotFound
from instrument_share.foundation.reader import writing_for
from instrument_share.identity.applications.models import InstitutionApplication
from instrument_share.identity.audit import broken_entries
from instrument_share.identity.called import called
from instrument_share.identity.models import AuditEntry, Person
from instrument_share.identity.own_data.erasing import erase, hindrances_of
from instrument_share.identity.own_data.errors import ErasureHindered
from instrument_share.identity.own_data.registry import parts
from instrument_share.identity.passwords import hash_password
from instrument_share.identity.rules import PROGRAMME, Role, Scope
from instrument_share.identity.services import reinstate, sign_up
from instrument_share.identity.values import SignUp
from instrument_share.notification.digests.rules import Plan, Way, Wishes
from instrument_share.notification.digests.services import plan_for
from instrument_share.notification.models import Message
from instrument_share.notification.rules import Kind
from tests.permissions.things import LATER
from tests.support.builders import AT, grant, make_person
from tests.support.scene import make_scene
from tests.support.signing import sign_in

from .conftest import EMAIL, LATIN, NAME, ORCID, PASSWORD

#: Where a name stays, because the database refuses every change: the page says so.
IMMUTABLE = {"letter.snapshot"}


def settle(person, at):
    """As the links of the page have it; what is cancelled would be offered to whoever waits."""
    waits = WaitingEntry.person_id == person.id, WaitingEntry.state.in_(sorted(STANDING))
    for reference in db.session.scalars(select(WaitingEntry.reference).where(*waits)).all():
        leave(reference, by=person, at=at)
    for state in sorted(LIVE):
        live = select(Booking.reference).where(
            Booking.applicant_id == person.id, Booking.state == state
        )
        for reference in db.session.scalars(live).all():
            booking.cancel(reference, by=person, at=at, version=None)
    places = select(TrainingPlace).where(TrainingPlace.person_id == person.id)
    for place in db.session.scalars(places).all():
        give_up(place.session.reference, by=person, at=at)
    for proposal in db.session.scalars(select(Proposal).where(Proposal.lead_id == person.id)).all():
        withdraw(proposal.reference, by=person, at=at)


def found_in_the_database(*words):
    """Every column of every table in which one of the words stands, as it is stored or escaped."""
    found = set()
    for table in db.metadata.tables.values():
        rows = db.session.execute(select(*(cast(each, String) for each in table.columns)))
        for row in rows:
            for column, value in zip(table.columns, row, strict=True):
                if any(
                    word in (value or "") or word.encode("unicode_escape").decode() in (value or "")
                    for word in words
                ):
                    found.add(str(column))
    return found


def test_nothing_personal_is_left_but_what_cannot_be_changed(somebody, session):
    own = somebody.id
    with pytest.raises(ErasureHindered):
        erase(own, by=somebody, at=LATER)
    settle(somebody, LATER)
    assert hindrances_of(somebody, LATER) == []
    before = found_in_the_database(NAME, LATIN, EMAIL, ORCID)
    assert {"message.facts", "person.email", "visitor.name"} | IMMUTABLE <= before
    session.commit()
    erase(own, by=somebody, at=LATER)
    session.commit()
    assert found_in_the_database(NAME, LATIN, EMAIL, ORCID) == IMMUTABLE
    assert list(broken_entries()) == []
    assert list(findings()) == []
    last = session.scalars(select(AuditEntry).order_by(AuditEntry.sequence.desc())).first()
    assert (last.action, last.actor_id, last.subject_id) == ("account.erase", own, str(own))
    told = session.scalars(select(Message.facts).where(Message.booking_id.is_not(None))).all()
    assert session.scalar(select(func.count(InstitutionApplication.id))) == 0
    late = Message(kind=Kind.REMINDER, facts={}, person=somebody)
    assert plan_for(late, Wishes(), LATER) == Plan(Way.DROP)
    assert f"Erased person {own}" in {facts.get("applicant") for facts in told}


def test_an_erased_name_is_said_in_the_readers_language_and_kept_neutrally(app):
    name = called("Erased person 12")
    said = {}
    for language in ("en", "zh-Hans", "ar"):
        with app.app_context(), writing_for(language, "UTC"):
            shown = app.jinja_env.from_string("{{ name }} / {{ _('%(name)s wrote:', name=name) }}")
            said[language] = shown.render(name=name)
            assert f"{name}" in said[language]
    assert said["en"] == "Erased person 12 / Erased person 12 wrote:"
    assert said["zh-Hans"].startswith("已注销用户 12 / 已注销用户 12")
    assert "Erased" not in said["ar"]
    assert json.dumps(name) == '"Erased person 12"'
    assert type(called("Aigerim Erased person 12")) is str


def test_every_part_says_what_becomes_of_it(app):
    for part in parts():
        assert part.goes or part.stays, part.name
        assert bool(part.goes) == (part.erase is not None), part.name


def test_the_page_leads_through_it_and_the_mail_is_free_again(client, session):
    person = make_person(email=EMAIL, password_hash=hash_password(PASSWORD))
    own = person.id
    session.commit()
    client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
    page = client.get("/account/data/erase").text
    assert "Letters of invitation" in page
    data = {"word": "erase", "password": PASSWORD}
    for wrong in ({"word": "no"}, {"password": "no"}):
        assert client.post("/account/data/erase", data=data | wrong).status_code == 422
    assert client.post("/account/data/erase", data=data).status_code == 302
    assert client.get("/account").status_code in (302, 401)
    assert client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD}).status_code == 401
    assert client.post("/forgotten-password", data={"email": EMAIL}).status_code == 200
    session.expire_all()
    assert session.scalars(select(Message)).all() == []
    sign_up(SignUp(f"erased-{own}@account.invalid", PASSWORD, NAME), at=AT)
    assert session.scalars(select(Message)).all() == []
    sign_up(SignUp(EMAIL, PASSWORD, NAME), at=AT)
    assert session.scalar(select(Person.id).where(Person.email == EMAIL)) != own


def test_what_others_rely_on_is_settled_first(session):
    scene = make_scene()
    waiting = scene.ask()
    with time_machine.travel(AT, tick=False):
        for person in (scene.manager, scene.applicant):
            (hindrance,) = hindrances_of(person, AT)
            assert hindrance.values == {"reference": waiting.reference}
        second = make_person(scene.manager.institution)
        grant(second, Role.FACILITY_MANAGER, Scope("facility", scene.instrument.facility_id))
        assert hindrances_of(scene.manager, AT) == []


def test_the_last_administrator_stays(session):
    administrator = make_person()
    grant(administrator, Role.ADMINISTRATOR, PROGRAMME)
    with time_machine.travel(AT, tick=False):
        assert [each.endpoint for each in hindrances_of(administrator, AT)] == ["roles.index"]
        grant(make_person(), Role.ADMINISTRATOR, PROGRAMME)
        assert hindrances_of(administrator, AT) == []


def test_an_administrator_erases_on_request_with_a_reason(client, session):
    administrator = make_person(email="admin@example.org")
    grant(administrator, Role.ADMINISTRATOR, PROGRAMME)
    person, other = make_person(display_name=NAME), make_person()
    address = f"/manage/people/{person.id}/erase"
    with time_machine.travel(AT, tick=False):
        sign_in(client, other)
        assert client.get(address).status_code == 404
        administrator.second_factor_at = None
        with pytest.raises(NotFound):
            erase(person.id, by=other, at=AT)
        erase(person.id, by=administrator, at=AT, reason="Letter of 1 March")
        session.flush()
        with pytest.raises(NotFound):
            reinstate(person.id, by=administrator, at=AT + timedelta(days=1))
        with pytest.raises(NotFound):
            erase(person.id, by=administrator, at=AT)
        session.commit()
    entry = session.scalar(select(AuditEntry).where(AuditEntry.action == "account.erase"))
    assert (entry.actor_id, entry.details) == (administrator.id, {"reason": "Letter of 1 March"})


def test_a_namesake_keeps_the_name(app, session):
    scene = make_scene(applicant={"display_name": NAME})
    namesake = make_person(display_name=NAME)
    scene.ask()
    session.add(
        Message(
            message_id="<1@x>", person_id=scene.manager.id, kind="deputy_named", created_at=AT,
            facts={"person": NAME},
        )
    )  # fmt: skip
    for each in session.scalars(select(Booking)).all():
        booking.cancel(each.reference, by=scene.applicant, at=AT, version=None)
    session.commit()
    erase(scene.applicant.id, by=scene.applicant, at=AT)
    session.commit()
    assert namesake.display_name == NAME
    kept = session.scalars(select(Message.facts)).all()
    assert [facts for facts in kept if NAME in facts.values()] == [{"person": NAME}]
