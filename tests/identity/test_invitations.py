"""People join by an invitation: for one mailbox, once, for a while, until it is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
import structlog
import time_machine
from sqlalchemy import func, select

from instrument_share.foundation.errors import Forbidden, NotFound
from instrument_share.identity.acting import actor_of
from instrument_share.identity.invitations import queries, services
from instrument_share.identity.invitations.errors import (
    AlreadyColleague,
    BelongsElsewhere,
    ForAnotherAddress,
    HasAccount,
    InvitationOver,
)
from instrument_share.identity.invitations.links import path_of
from instrument_share.identity.invitations.models import Invitation
from instrument_share.identity.invitations.rules import LIFE, Guest
from instrument_share.identity.models import AuditEntry, Person
from instrument_share.identity.passwords import hash_password, password_fits
from instrument_share.identity.rules import Role, Scope
from instrument_share.identity.services import name_deputy
from instrument_share.identity.values import Absence, Profile
from instrument_share.notification.mail import compose
from instrument_share.notification.models import Message
from tests.support.bearer import Bearer
from tests.support.builders import AT, grant, make_institution, make_person
from tests.support.signing import sign_in

pytestmark = pytest.mark.usefixtures("present")

AMINA = Guest("amina@steppe.example", "Amina", "ar")
PROFILE = Profile("أمينة", "Amina", "ar", "Asia/Almaty")
PASSWORD = "a camel in the observatory"
FORM = {
    "display_name": "أمينة", "password": PASSWORD, "language": "ar", "time_zone": "Asia/Almaty",
}  # fmt: skip


@pytest.fixture
def liaison(session):
    return make_liaison()


def make_liaison() -> Person:
    person = make_person(make_institution())
    grant(person, Role.LIAISON, Scope("institution", person.institution_id))
    return person


def invited(liaison: Person, guest: Guest = AMINA, at=AT) -> str:
    """The secret of a new invitation."""
    (made,) = services.invite_all([guest], liaison.institution, by=liaison, at=at)
    return secret_of(made)


def secret_of(invitation: Invitation) -> str:
    return path_of(invitation.id, invitation.email).rpartition("/")[2]


def test_from_the_liaisons_page_to_a_person_who_may_book(client, session, liaison):
    sign_in(client, liaison)
    form = {"email": " Amina@Steppe.example", "name": "Amina", "language": "ar"}
    assert client.post("/manage/people/invitations", data=form).status_code == 302
    assert AMINA.email in client.get("/manage/people/invitations").text
    message = session.scalar(select(Message))
    mail = compose(message)
    assert (mail["To"], mail["Content-Language"]) == ("Amina <amina@steppe.example>", "ar")
    link = next(
        line for line in mail.get_body(("plain",)).get_content().splitlines() if "/join/" in line
    )
    assert link not in client.get("/inbox").text
    assert link not in client.get("/manage/people/invitations").text
    assert "/join/" not in str(message.facts)
    client.post("/sign-out")
    path = "/join/invitation/" + link.rpartition("/")[2]
    assert liaison.institution.names["en"] in client.get(path).text
    assert client.post(path, data=FORM | {"password": "short"}).status_code == 422
    assert client.post(path, data=FORM).status_code == 302
    person = session.scalar(select(Person).where(Person.email == AMINA.email))
    assert (person.verification, person.institution) == ("vouched", liaison.institution)
    assert actor_of(person).holds(Role.RESEARCHER, Scope("institution", person.institution_id))
    assert AMINA.email in client.get("/account").text
    assert client.post(path, data=FORM).status_code == 410
    actions = session.scalars(select(AuditEntry.action)).all()
    assert {"invitation.make", "invitation.accept", "account.vouch"} <= set(actions)


def test_an_account_of_the_address_accepts_and_no_other(client, session, liaison):
    secret = invited(liaison)
    stranger, amina = make_person(), make_person(email=AMINA.email, verification="unverified")
    elsewhere = make_person(make_institution(), email="b@steppe.example")
    with pytest.raises(ForAnotherAddress):
        services.accept(secret, by=stranger, at=AT)
    with pytest.raises(BelongsElsewhere):
        services.accept(invited(liaison, Guest(elsewhere.email)), by=elsewhere, at=AT)
    with pytest.raises(HasAccount):
        services.accept_anew(secret, PROFILE, PASSWORD, at=AT)
    session.commit()
    sign_in(client, stranger)
    refused = client.get(f"/join/invitation/{secret}")
    assert (refused.status_code, AMINA.email in refused.text) == (403, False)
    sign_in(client, amina)
    # Programs that look into links ask with HEAD, which no form's token guards.
    with structlog.testing.capture_logs() as logs:
        answer = client.head(f"/join/invitation/{secret}")
    session.refresh(amina)
    assert (answer.status_code, answer.data, logs[-1]["method"]) == (200, b"", "HEAD")
    assert (amina.verification, amina.institution) == ("unverified", None)
    sign_in(client, amina)
    assert client.post(f"/join/invitation/{secret}").status_code == 302
    assert (amina.verification, amina.institution) == ("vouched", liaison.institution)
    assert (stranger.institution, elsewhere.institution) != (liaison.institution,) * 2


def test_an_account_that_a_stranger_made_for_the_address_is_the_strangers_no_more(session, liaison):
    squatter = make_person(
        make_institution(), email=AMINA.email, mail_verified_at=None, verification="unverified",
        password_hash=hash_password("known to the stranger"), orcid="0000-0002-1825-0097",
    )  # fmt: skip
    serial = squatter.session_serial
    person = services.accept_anew(invited(liaison), PROFILE, PASSWORD, at=AT)
    assert person is squatter
    assert password_fits(person.password_hash, PASSWORD)
    assert not password_fits(person.password_hash, "known to the stranger")
    assert (person.display_name, person.orcid) == ("أمينة", None)
    assert (person.institution, person.session_serial) == (liaison.institution, serial + 1)


def test_an_invitation_ends(client, session, liaison):
    withdrawn, late = invited(liaison), invited(liaison, Guest("b@steppe.example"))
    first = session.scalar(select(Invitation).order_by(Invitation.id))
    services.withdraw(first.id, by=liaison, at=AT)
    for secret, at in (
        (withdrawn, AT), (late, AT + LIFE), ("x", AT), (late[:-2] + "xx", AT),
    ):  # fmt: skip
        with pytest.raises(InvitationOver):
            services.accept_anew(secret, PROFILE, PASSWORD, at=at)
    session.commit()
    for secret in (withdrawn, "x"):
        answer = client.get(f"/join/invitation/{secret}?lang=zh-Hans")
        assert answer.status_code == 410
        assert "邀请" in answer.text
    assert queries.open_invitation(late, AT + LIFE - timedelta(seconds=1))


def test_a_word_counts_as_long_as_somebody_stands_behind_it(client, session, liaison):
    """That of a deputy is the liaison's, who is back meanwhile."""
    deputy = make_person(liaison.institution)
    today = AT.date()
    name_deputy(Absence(deputy.email, None, today, today), by=liaison, at=AT)
    session.commit()
    own = invited(liaison)
    (lent,) = services.invite_all(
        [Guest("b@steppe.example")], liaison.institution, by=deputy, at=AT
    )
    later = AT + timedelta(days=2)
    assert queries.open_invitation(own, later)
    assert queries.open_invitation(secret_of(lent), later)
    (role,) = liaison.grants
    role.ends_on = today + timedelta(days=1)
    for secret in (own, secret_of(lent)):
        with pytest.raises(InvitationOver):
            services.accept_anew(secret, PROFILE, PASSWORD, at=later)
    next_one = make_person(liaison.institution)
    grant(next_one, Role.LIAISON, Scope("institution", next_one.institution_id))
    session.commit()
    with time_machine.travel(later, tick=False):
        sign_in(client, next_one)
        assert client.get("/manage/people/invitations").text.count("no longer liaison") == 2
        assert queries.open_invitation(invited(next_one, at=later), later)
    next_one.suspended_at = later
    with pytest.raises(InvitationOver):
        queries.open_invitation(secret_of(session.scalars(_NEWEST).first()), later)


_NEWEST = select(Invitation).order_by(Invitation.id.desc())


def test_inviting_again_sends_nothing_while_the_first_is_open(session, liaison):
    invited(liaison)
    assert services.invite_all([AMINA], liaison.institution, by=liaison, at=AT) == []
    assert session.scalar(select(func.count(Message.id))) == 1
    assert invited(liaison, at=AT + LIFE)
    assert session.scalar(select(func.count(Message.id))) == 2


def test_whether_somebody_has_an_account_is_not_told(client, session, liaison):
    make_person(make_institution(), email="known@steppe.example")
    colleague = make_person(liaison.institution, email="colleague@steppe.example")
    sign_in(client, liaison)
    answers = [
        client.post(
            "/manage/people/invitations", data={"email": email, "language": "en"},
            follow_redirects=True,
        ).text.replace(email, "…")
        for email in ("known@steppe.example", "unknown@steppe.example")
    ]  # fmt: skip
    assert [each.count("gets a mail with the invitation") for each in answers] == [1, 1]
    with pytest.raises(AlreadyColleague):
        services.invite(Guest(colleague.email), liaison.institution, by=liaison, at=AT)


def test_a_liaison_invites_for_their_own_institution_alone(client, session, liaison):
    other = make_liaison()
    with pytest.raises(NotFound):
        services.invite(AMINA, other.institution, by=liaison, at=AT)
    invited(other)
    theirs = session.scalar(select(Invitation.id))
    with pytest.raises(NotFound):
        services.withdraw(theirs, by=liaison, at=AT)
    with pytest.raises(Forbidden):
        queries.vouched_for_by(make_person(liaison.institution))
    session.commit()
    sign_in(client, liaison)
    assert client.post(f"/manage/people/invitations/{theirs}/withdraw").status_code == 404
    form = {"email": AMINA.email, "language": "en", "institution": other.institution.slug}
    assert client.post("/manage/people/invitations", data=form).status_code == 404
    assert AMINA.email not in client.get("/manage/people/invitations").text


def test_by_api(client, session, liaison):
    caller = Bearer.of(client, liaison, at=AT)
    guest = {"email": "Amina@Steppe.example", "name": "Amina", "language": "ar"}
    made = [
        caller.call("POST", "/invitations", guest, **{"Idempotency-Key": "k"}) for _ in range(2)
    ]
    again = caller.call("POST", "/invitations", guest)
    assert [each.status_code for each in (*made, again)] == [201, 201, 201]
    assert made[0].json == made[1].json == again.json
    assert made[0].json["email"] == "amina@steppe.example"
    assert session.scalar(select(func.count(Message.id))) == 1
    refused = caller.call("POST", "/invitations", {"email": "nobody"})
    assert (refused.status_code, "email" in refused.json["errors"]) == (422, True)
    caller.call("POST", "/invitations", {"email": "omar@steppe.example"})
    page = caller.call("GET", "/invitations?page=2&page_size=1").json
    assert (page["total"], page["page"], page["items"]) == (2, 2, [made[0].json])
    one = f"/invitations/{made[0].json['id']}"
    assert Bearer.of(client, make_liaison(), at=AT).call("DELETE", one).status_code == 404
    assert caller.call("DELETE", one).json["state"] == "withdrawn"
    assert Bearer.of(client, make_person(), at=AT).call("GET", "/invitations").status_code == 403
