"""When a feed counts as changed, what asking costs, and which secret address opens it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from instrument_share.booking import services
from instrument_share.foundation.signals import instrument_changed
from instrument_share.schedule.services import revoke_address
from tests.schedule.reading import private_path
from tests.support.builders import AT

DAY = timedelta(days=1)


@pytest.mark.parametrize("kind", ["instrument", "facility", "private"])
def test_an_unchanged_feed_takes_one_statement(client, session, scene, count_queries, kind):
    scene.ask()
    path = {
        "instrument": f"/calendars/instruments/{scene.instrument.slug}.ics",
        "facility": f"/calendars/facilities/{scene.instrument.facility.slug}.ics",
        "private": private_path(scene.applicant),
    }[kind]
    first = client.get(path)
    assert first.headers["Last-Modified"]
    assert not first.headers["ETag"].startswith("W/")
    for header in (
        {"If-None-Match": first.headers["ETag"]},
        {"If-None-Match": f'"other", W/{first.headers["ETag"]}'},
        {"If-Modified-Since": first.headers["Last-Modified"]},
    ):
        with count_queries() as queries:
            again = client.get(path, headers=header)
        assert (again.status_code, again.data) == (304, b""), header
        assert again.headers["ETag"] == first.headers["ETag"]
        assert queries.count == 1, queries


def test_a_whole_feed_takes_few_statements(client, session, scene, count_queries):
    for n in range(1, 9):
        scene.ask(starts_at=AT + n * DAY)
    session.commit()
    for path, most in (
        (f"/calendars/instruments/{scene.instrument.slug}.ics", 3),
        (f"/calendars/facilities/{scene.instrument.facility.slug}.ics", 4),
        (private_path(scene.applicant), 3),
    ):
        with count_queries() as queries:
            client.get(path)
        assert queries.count <= most, queries


def test_every_change_makes_a_new_validator(client, session, scene):
    paths = (
        f"/calendars/instruments/{scene.instrument.slug}.ics",
        f"/calendars/facilities/{scene.instrument.facility.slug}.ics",
        private_path(scene.applicant),
    )

    def tags():
        return [client.head(path).headers["ETag"] for path in paths]

    seen = [tags()]
    booking = scene.ask()
    seen.append(tags())
    scene.confirm(booking)
    seen.append(tags())
    services.cancel(booking.reference, by=scene.applicant, at=AT, version=None)
    seen.append(tags())
    for of_one_feed in zip(*seen, strict=True):
        assert len(set(of_one_feed)) == len(seen)


def test_a_changed_instrument_changes_the_calendars_of_who_is_to_come(client, session, scene):
    scene.ask()
    path = private_path(scene.applicant)
    before = client.head(path).headers["ETag"]
    instrument_changed.send(scene.instrument, by=scene.manager, at=AT)
    assert client.head(path).headers["ETag"] != before


def test_head_is_get_without_the_text(client, session, scene):
    path = f"/calendars/instruments/{scene.instrument.slug}.ics"
    whole, head = client.get(path), client.head(path)
    assert (head.status_code, head.data) == (200, b"")
    for name in ("ETag", "Last-Modified", "Content-Type", "Content-Length"):
        assert head.headers[name] == whole.headers[name]


def test_a_revoked_address_opens_nothing_and_the_new_one_does(client, session, scene):
    old = private_path(scene.applicant)
    for _ in range(2):
        revoke_address(scene.applicant, at=AT)
        new = private_path(scene.applicant)
        assert client.get(old).status_code == 404
        assert client.get(new).status_code == 200
        old = new


def test_a_suspended_persons_address_opens_nothing(client, session, scene):
    path = private_path(scene.applicant)
    scene.applicant.suspended_at = AT
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("token", ["not-a-real-secret", "1", "1-", "9" * 30, "1-%C3%A9"])
def test_a_wrong_secret_address_is_not_found(client, token):
    assert client.get(f"/calendars/private/{token}.ics").status_code == 404


def test_unknown_feeds_are_not_found(client):
    for path in ("instruments/none.ics", "facilities/none.ics", "instruments/none/freebusy.ics"):
        assert client.get(f"/calendars/{path}").status_code == 404


def test_secret_addresses_are_not_kept_by_shared_caches(client, session, scene):
    answer = client.get(private_path(scene.applicant))
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Referrer-Policy"] == "same-origin"
