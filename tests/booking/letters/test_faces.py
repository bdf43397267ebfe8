"""Letters by page and by call, and what a letter's code tells anybody."""

from __future__ import annotations

from sqlalchemy import select

from instrument_share.booking.letters import services
from instrument_share.booking.letters.models import Letter
from instrument_share.booking.letters.queries import letter_by_code
from instrument_share.booking.letters.rules import grouped, new_code
from instrument_share.booking.visits.models import Visit
from instrument_share.identity.services import issue_token
from tests.booking.letters.stage import issued
from tests.support.builders import AT
from tests.support.signing import sign_in


def test_the_public_page_tells_no_more_than_the_letter_needs(session, scene, booking, client):
    letter = issued(scene, booking)
    session.commit()
    address = "/letters/verify"
    page = client.get(address, query_string={"code": grouped(letter.code).lower()})
    assert page.status_code == 200
    for shown in (letter.number, "A. N.", "M. E.", "genuine and valid", "March 3, 2026"):
        assert shown in page.text, shown
    for hidden in ("Aigerim", "Cairo", booking.reference, "Kazakhstan", booking.purpose):
        assert hidden not in page.text, hidden
    unknown, malformed = (
        client.get(address, query_string={"code": code}) for code in (new_code(), "guess")
    )
    assert [each.status_code for each in (unknown, malformed)] == [404, 404]
    assert all("There is no such letter" in each.text for each in (unknown, malformed))
    services.revoke_letter(booking.reference, letter.number, "x", by=scene.office, at=AT)
    session.commit()
    assert "was revoked" in client.get(address, query_string={"code": letter.code}).text
    assert letter_by_code(letter.code) == letter
    answer = client.get("/api/v1/letters/verify", query_string={"code": letter.code}).json
    assert (answer["standing"], answer["visitors"], answer["initials"]) == (
        "revoked", 2, ["A. N.", "M. E."],
    )  # fmt: skip


def test_by_form_and_by_program(session, scene, booking, client):
    sign_in(client, scene.applicant)
    address = f"/bookings/{booking.reference}/visit"
    assert scene.applicant.display_name in client.get(address).text
    typed = {
        "rows": "2", "arrives_on": "2026-03-03", "departs_on": "2026-03-04", "name_1": "Әйгерім",
        "country_1": "KZ", "institution_1": "KazNU", "role_1": "researcher",
    }  # fmt: skip
    refused = client.post(address, data=typed)
    assert refused.status_code == 422
    assert 'href="#field-latin_name_1"' in refused.text
    assert "Әйгерім" in client.post(address, data=typed | {"more": "1"}).text
    typed["latin_name_1"] = "Aigerim"
    assert client.post(address, data=typed).status_code == 302
    asked = client.post(f"/bookings/{booking.reference}/letter", data={"languages": "ru+en"})
    assert asked.status_code == 302
    visit = session.scalars(select(Visit)).one()
    ticked = client.post(f"{address}/tasks/{visit.tasks[0].id}", data={"done": "1"})
    assert ticked.status_code == 302
    sign_in(client, scene.office)
    assert client.post(f"/bookings/{booking.reference}/letters").status_code == 302
    letter = session.scalars(select(Letter)).one()
    page = client.get(f"/bookings/{booking.reference}").text
    assert letter.number in page
    assert "Revoke the letter" in page
    pdf = client.get(f"/bookings/{booking.reference}/letters/{letter.number}.pdf")
    assert pdf.data.startswith(b"%PDF-")
    revoked = client.post(
        f"/bookings/{booking.reference}/letters/{letter.number}/revoke", data={"reason": "x"}
    )
    assert revoked.status_code == 302
    sign_in(client, scene.manager)
    tasks = f"/manage/facilities/{booking.instrument.facility.slug}/visit-tasks"
    assert client.post(tasks, data={"arrival_en": "A\nB", "arrival_ar": "A"}).status_code == 422
    assert client.post(tasks, data={"arrival_en": "A\nB"}).status_code == 302
    token, _ = issue_token(scene.applicant, "test", at=AT)
    session.commit()
    head = {"Authorization": f"Bearer {token}"}
    seen = client.get(f"/api/v1{address}", headers=head)
    body = {name: seen.json[name] for name in ("arrives_on", "departs_on", "visitors")}
    assert client.put(f"/api/v1{address}", headers=head, json=body).status_code == 428
    put = client.put(
        f"/api/v1{address}", headers=head | {"If-Match": seen.headers["ETag"]}, json=body
    )
    assert (put.status_code, put.json["visitors"]) == (200, seen.json["visitors"])
    listed = client.get(f"/api/v1/bookings/{booking.reference}/letters", headers=head).json
    assert (listed["total"], listed["items"][0]["standing"]) == (1, "revoked")
