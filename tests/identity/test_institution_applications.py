"""An institution asks to take part, and is admitted or declined by those who may."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from instrument_share.foundation.errors import NotFound
from instrument_share.identity.acting import actor_of
from instrument_share.identity.applications import services
from instrument_share.identity.applications.errors import (
    AlreadyDecided,
    AlreadyHere,
    ReasonMissing,
    StillWaiting,
)
from instrument_share.identity.applications.known import found_in_table
from instrument_share.identity.applications.models import InstitutionApplication
from instrument_share.identity.applications.rules import is_public_mail, normalized_domain, slug_of
from instrument_share.identity.applications.values import Admission, ApplicationRequest
from instrument_share.identity.rules import PROGRAMME, Role, Scope
from instrument_share.notification.models import Message
from tests.support.builders import AT, grant, make_host, make_institution, make_person
from tests.support.signing import sign_in

pytestmark = pytest.mark.usefixtures("present")

KAZNU = "https://ror.org/03q0vrn42"
FORM = {
    "name_0": "University of the Steppe", "country": "KZ", "time_zone": "Asia/Almaty",
    "website": "https://www.steppe.example/", "mail_domains": "steppe.example",
    "reason": "I lead its laboratory of materials.",
}  # fmt: skip


@pytest.fixture
def applicant(session):
    return make_person(verification="unverified", language="ar")


@pytest.fixture
def office(session):
    host = make_host()
    person = make_person(host)
    grant(person, Role.INTERNATIONAL_OFFICE, Scope("institution", host.id))
    return person


def wish(**values) -> ApplicationRequest:
    defaults = {
        "names": {"en": "University of the Steppe"}, "country": "KZ", "time_zone": "Asia/Almaty",
        "website": "https://www.steppe.example/", "mail_domains": ("steppe.example",),
        "reason": "To measure.",
    }  # fmt: skip
    return ApplicationRequest(**defaults | values)


@pytest.mark.parametrize(
    ("typed", "domain"),
    [
        ("Steppe.Example", "steppe.example"),
        ("someone@mail.steppe.example", "mail.steppe.example"),
        ("почта.рф", "xn--80a1acny.xn--p1ai"),
        ("steppe", None),
        ("-steppe.example", None),
        ("steppe..example", None),
        ("", None),
    ],
)
def test_domains_are_read_as_people_write_them(typed, domain):
    assert normalized_domain(typed) == domain


def test_public_mailboxes_and_addresses_of_new_institutions():
    assert is_public_mail("qq.com")
    assert is_public_mail("vip.163.com")
    assert not is_public_mail("tsinghua.edu.cn")
    assert slug_of("Université d’Été", "A-12345678") == "universit-d-t-a12345678"
    assert slug_of("清华", "A-12345678") == "a12345678"


def test_the_table_is_searched_by_words_of_any_language_and_by_ror():
    (tsinghua,) = found_in_table("https://ror.org/03cve4549")
    assert tsinghua in found_in_table("清华")
    assert tsinghua in found_in_table("university TSINGHUA")
    assert found_in_table("") == found_in_table("no such place") == []


def test_from_application_to_a_first_liaison(session, applicant, office):
    application = services.apply(wish(), by=applicant, at=AT)
    (told,) = session.scalars(select(Message).where(Message.person_id == office.id))
    assert told.kind == "institution_applied"
    with pytest.raises(StillWaiting):
        services.apply(wish(), by=applicant, at=AT)
    institution = services.admit(application.reference, Admission(), by=office, at=AT, version=1)
    assert (institution.country, institution.mail_domains) == ("KZ", ["steppe.example"])
    assert (applicant.institution, applicant.verification) == (institution, "vouched")
    assert actor_of(applicant).holds(Role.LIAISON, Scope("institution", institution.id))
    (told,) = session.scalars(select(Message).where(Message.person_id == applicant.id))
    assert told.kind == "institution_admitted"
    with pytest.raises(AlreadyDecided):
        services.decline(application.reference, "no", by=office, at=AT, version=2)


def test_what_takes_part_already_cannot_apply_again(session, applicant):
    make_institution(ror=KAZNU, mail_domains=["kaznu.example"])
    for values, field in (
        ({"ror": KAZNU}, "ror"), ({"mail_domains": ("x.example", "kaznu.example")}, "mail_domains"),
    ):  # fmt: skip
        with pytest.raises(AlreadyHere) as refusal:
            services.apply(wish(**values), by=applicant, at=AT)
        assert list(refusal.value.fields) == [field]


def test_only_those_who_may_decide_and_nobody_on_their_own(session, applicant, office):
    application = services.apply(wish(), by=applicant, at=AT)
    liaison = make_person(make_institution())
    grant(liaison, Role.LIAISON, Scope("institution", liaison.institution_id))
    grant(applicant, Role.PROGRAMME_OFFICER, PROGRAMME)
    for stranger in (make_person(), liaison, applicant):
        with pytest.raises(NotFound):
            services.admit(application.reference, Admission(), by=stranger, at=AT, version=1)
        with pytest.raises(NotFound):
            services.decline(application.reference, "no", by=stranger, at=AT, version=1)
    with pytest.raises(ReasonMissing):
        services.decline(application.reference, "  ", by=office, at=AT, version=1)
    services.decline(application.reference, "No laboratory.", by=office, at=AT, version=1)
    (told,) = session.scalars(select(Message).where(Message.person_id == applicant.id))
    assert (told.kind, told.facts["comment"]) == ("institution_declined", "No laboratory.")
    assert application.institution_id is None


def test_pages_from_the_table_to_the_decision(session, client, applicant, office):
    session.commit()
    assert client.get("/join/institution").status_code == 302, "sign in first"
    sign_in(client, applicant)
    assert "Tsinghua University" in client.get("/join/institution?q=tsinghua&lang=en").text
    filled = client.get("/join/institution?ror=https://ror.org/03cve4549&lang=en").text
    assert 'value="tsinghua.edu.cn"' in filled
    sent = client.post("/join/institution", data=FORM)
    application = session.scalar(select(InstitutionApplication))
    assert sent.location.endswith(application.reference)
    assert "waits to be decided" in client.get("/join/institution").text
    sign_in(client, office)
    assert application.reference in client.get("/manage/institutions").text
    page = client.get(f"/join/institution/{application.reference}?lang=en").text
    assert "I lead its laboratory of materials." in page
    decline = f"/manage/institutions/{application.reference}/decline"
    silent = client.post(decline, data={"version": application.version})
    assert (silent.status_code, 'href="#field-comment"' in silent.text) == (422, True)
    admit = f"/manage/institutions/{application.reference}/admit"
    assert (
        client.post(admit, data={"version": application.version, "kind": "both"}).status_code == 302
    )
    session.expire_all()
    assert (application.state, application.institution.kind) == ("admitted", "both")
    sign_in(client, make_person(make_institution()))
    session.commit()
    assert client.get(f"/join/institution/{application.reference}").status_code == 404
