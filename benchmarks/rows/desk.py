"""The desk of whoever decides with 1,000 open requests, its first page beside one of the same bytes from bare Flask."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, text, update

from instrument_share.booking.models import ApprovalStep, Booking
from instrument_share.booking.rules import State, StepStatus
from instrument_share.foundation.clock import now
from instrument_share.foundation.database import db
from instrument_share.identity.models import Person, RoleGrant
from instrument_share.identity.rules import Role
from tests.support.databases import release
from tests.support.queries import counted

from ..bare import serve_bare
from ..house import House, session_cookie
from ..measuring import Client, Row, interleaved, middle, timed

REQUESTS, CALLS, MOST_QUERIES = 1_000, 20, 12


def measure(house: House, folder: Path) -> Iterator[Row]:
    cookie = _fill(house)
    client = Client(house.url, Cookie=cookie)
    page = client.get("/approvals")
    assert page.count(b'name="reference"') == 100, page.count(b'name="reference"')
    with counted() as queries:
        house.app.test_client(use_cookies=False).get("/approvals", headers={"Cookie": cookie})
    with serve_bare(page, folder) as bare_url:
        bare = Client(bare_url)
        ours, limit = interleaved(
            lambda turn: timed([lambda n: client.get("/approvals") and None], CALLS),
            lambda turn: timed([lambda n: bare.get("/") and None], CALLS),
        )
    fast, least = middle(ours, "median_ms"), middle(limit, "median_ms")
    yield Row(
        operation=f"the desk with {REQUESTS:,} open requests, first page of 100",
        database=house.database,
        ours=fast,
        limit=least,
        unit="ms",
        ratio=fast / least,
        must=f"<= {MOST_QUERIES} queries",
        reached=queries.count <= MOST_QUERIES,
        p95=middle(ours, "p95_ms"),
        max=max(turn.max_ms for turn in ours),
        queries=queries.count,
    )


def _fill(house: House) -> str:
    """The first bookings wait for a manager of the whole programme; the cookie of that one."""
    with house.app.app_context():
        asked = select(Booking.id).order_by(Booking.id).limit(REQUESTS).scalar_subquery()
        ids = list(db.session.scalars(select(Booking.id).where(Booking.id.in_(asked))))
        db.session.execute(update(Booking).where(Booking.id.in_(ids)).values(state=State.SUBMITTED))
        db.session.execute(
            update(ApprovalStep)
            .where(ApprovalStep.booking_id.in_(ids), ApprovalStep.place == 1)
            .values(status=StepStatus.PENDING, due_at=now() + timedelta(days=3))
        )
        manager = db.session.scalars(select(Person).order_by(Person.id.desc()).limit(1)).one()
        db.session.add(
            RoleGrant(
                person_id=manager.id,
                role=Role.FACILITY_MANAGER,
                scope_kind="programme",
                granted_at=now(),
            )
        )
        db.session.commit()
        db.session.execute(text("ANALYZE"))  # as autovacuum does after so many changes
        db.session.commit()
        cookie = session_cookie(house.app, manager)
        release(house.app)
    return cookie
