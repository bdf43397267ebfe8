"""What waits for a person, on top of the inbox and in the navigation."""

from __future__ import annotations

from datetime import timedelta

from instrument_share.booking import services
from instrument_share.booking.conversation.services import say
from instrument_share.booking.conversation.values import Words
from instrument_share.identity.rules import Role, Scope
from instrument_share.identity.waiting import waiting_for
from tests.support.builders import AT, grant, make_institution, make_person
from tests.support.signing import sign_in


def piles(app, person, at=AT):
    with app.test_request_context():
        return {each.name: each.pile.total for each in waiting_for(person, at)}


def test_each_sees_what_waits_for_them(app, session, scene):
    booking = scene.ask()
    assert piles(app, scene.manager) == {"decisions": 1}
    assert piles(app, scene.office) == piles(app, scene.applicant) == {}
    services.request_changes(
        booking.reference, by=scene.manager, at=AT, version=None, comment="Which sample?"
    )
    say(booking.reference, Words("See my comment"), by=scene.manager, at=AT)
    assert piles(app, scene.applicant) == {"changes": 1, "unread": 1}
    assert piles(app, scene.manager) == {}
    say(booking.reference, Words("I see"), by=scene.applicant, at=AT)
    assert piles(app, scene.applicant) == {"changes": 1}
    assert piles(app, make_person()) == {}


def test_whoever_is_not_vouched_for_waits_for_the_liaison_of_their_institution(app, session, scene):
    home = scene.applicant.institution
    liaison = make_person(home)
    grant(liaison, Role.LIAISON, Scope("institution", home.id))
    assert piles(app, liaison) == {}
    make_person(home, verification="unverified")
    make_person(home, verification="unverified", mail_verified_at=None)
    make_person(make_institution(), verification="unverified")
    assert piles(app, liaison) == {"vouching": 1}


def test_a_use_whose_time_is_over_waits_for_whoever_runs_it(app, session, scene):
    booking = scene.confirm(scene.ask())
    services.start(booking.reference, by=scene.operator, at=booking.starts_at, version=None)
    later = booking.ends_at + timedelta(minutes=1)
    assert piles(app, scene.operator, booking.starts_at) == {}
    assert piles(app, scene.operator, later) == piles(app, scene.manager, later) == {"finish": 1}


def test_it_stands_on_top_of_the_inbox_in_a_constant_number_of_statements(
    client, session, scene, count_queries
):
    sign_in(client, scene.manager)
    counts = []
    for days in (range(1, 2), range(2, 20)):
        for day in days:
            scene.ask(starts_at=AT + timedelta(days=day), hours=1)
        session.commit()
        with count_queries() as queries:
            page = client.get("/inbox").text
        counts.append(queries.count)
    assert counts[0] == counts[1] <= 15, queries
    assert page.index("Your decision") < page.index("<article")
    assert "things to do" in page


def test_the_count_of_decisions_costs_no_statement(client, session, scene, count_queries):
    address = f"/instruments/{scene.instrument.slug}"
    sign_in(client, scene.manager)
    scene.ask()
    session.commit()
    client.get(address)
    with count_queries() as queries:
        page = client.get(address).text
    assert queries.count <= 12, queries
    row = page.partition("site-nav__row")[2].partition("</nav>")[0]
    assert row.count("thing to do") == 2  # a message and a decision
