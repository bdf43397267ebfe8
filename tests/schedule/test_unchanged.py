"""What programs are told in short of an unchanged feed is what the view tells at length."""

from __future__ import annotations

import json

import pytest

from tests.schedule.reading import private_path

#: With a cookie nobody asks plainly: the view answers.
AT_LENGTH = {"Cookie": "any=thing"}
OWN_TO_EACH = {"X-Request-ID"}


@pytest.fixture(params=["instrument", "facility", "private"])
def path(request, session, scene):
    scene.ask()
    return {
        "instrument": f"/calendars/instruments/{scene.instrument.slug}.ics",
        "facility": f"/calendars/facilities/{scene.instrument.facility.slug}.ics",
        "private": private_path(scene.applicant),
    }[request.param]


@pytest.fixture
def limits(environ):
    environ["INSTRUMENT_SHARE_RATE_LIMITS"] = "on"


@pytest.mark.parametrize("accepted", ["en", "ar-EG, en;q=0.5", "*"])
def test_both_ways_say_the_same(client, path, accepted):
    accept = {"Accept-Language": accepted}
    tag = client.get(path, headers=accept).headers["ETag"]
    known = accept | {"If-None-Match": f'"other", W/{tag}'}
    short, long = (client.get(path, headers=known | way) for way in ({}, AT_LENGTH))
    assert (short.status_code, short.data) == (long.status_code, long.data) == (304, b"")
    assert _headers(short) == _headers(long)


def test_the_line_in_the_log_is_the_same(client, path, capsys):
    known = {"If-None-Match": client.get(path).headers["ETag"], "X-Request-ID": "one-of-ours"}
    capsys.readouterr()
    for way in ({}, AT_LENGTH):
        assert client.get(path, headers=known | way).headers["X-Request-ID"] == "one-of-ours"
    short, long = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    for line in (short, long):
        assert line.pop("ms") >= 0
        assert line.pop("timestamp")
    assert short == long


def test_both_ways_count_as_one_visitor(limits, client, session, scene):
    path = f"/calendars/instruments/{scene.instrument.slug}.ics"
    known = {"If-None-Match": client.get(path).headers["ETag"]}
    answers = [client.get(path, headers=known | way) for way in ({}, AT_LENGTH, {})]
    assert [answer.headers["X-RateLimit-Remaining"] for answer in answers] == ["598", "597", "596"]
    assert {len(_headers(answer)) for answer in answers} == {len(_headers(answers[0]))}
    for _ in range(596):
        client.get(path, headers=known)
    assert client.get(path, headers=known).status_code == 429


@pytest.mark.parametrize("wish", ["?lang=ar", "?past=1"])
def test_a_wish_or_another_text_is_answered_in_full(client, path, wish):
    known = {"If-None-Match": client.get(path).headers["ETag"]}
    assert client.get(path + wish, headers=known).status_code == 200
    assert client.get(path, headers={"If-None-Match": '"another"'}).status_code == 200


def _headers(answer):
    """What an answer carries; of lists of names, which they are."""
    return {
        name: sorted(value.split(", ")) if name == "Vary" else value
        for name, value in answer.headers
        if name not in OWN_TO_EACH
    }
