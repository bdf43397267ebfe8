"""The queue of requests that wait for the reader's decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from ...foundation.clock import now
from ...foundation.errors import DomainError, Forbidden
from ...foundation.http.paging import links
from ...foundation.http.schema import load
from ...foundation.http.show import listed, localized
from ...foundation.transaction import perform
from ...identity.current import require_person
from ...identity.models import Person
from ...identity.queries import actor_of
from ...identity.rules import Action as Permission
from ...identity.rules import scopes_held
from .. import queries, services
from ..decision_facts import facts_of
from ..forms import ListQuery
from ..models import Booking
from ..series.queries import waiting_in
from ..series.services import approve_series
from ..series.shown import rhythm_of
from ..shown import turn_of

#: A Monday's queue on one page.
_PAGE_SIZE = 100


def approvals() -> ResponseReturnValue:
    """Everything that is needed to decide; POST approves the requests that were marked."""
    person = require_person()
    if not scopes_held(actor_of(person), Permission.SEE_QUEUE, "host"):
        raise Forbidden()
    if request.method == "POST":
        return _approve_marked(person)
    asked = load(ListQuery(), request.args)
    instrument = asked["instrument"] or None
    page = queries.approvals_for(
        person, asked["page"], _PAGE_SIZE, instrument=instrument, series_as_one=True
    )
    series = waiting_in({each.series_id for each in page.items if each.series_id})
    return render_template(
        "booking/approvals.html",
        bookings=page.items,
        total=page.total,
        facts=facts_of(page.items),
        turns={booking.id: turn_of(booking) for booking in page.items},
        instruments=_instruments(page.items, instrument, page.total),
        series=series,
        rhythms={key: rhythm_of(each.series) for key, each in series.items()},
        all_marked=request.args.get("mark") == "all",
        paging=links(page),
    )


def _instruments(
    bookings: Sequence[Booking], chosen: str | None, total: int
) -> list[dict[str, object]]:
    """Links that narrow the queue to one instrument, with how many requests wait there."""
    names = {each.instrument.slug: localized(each.instrument.names) for each in bookings}
    counts = Counter(each.instrument.slug for each in bookings)
    everything: dict[str, object] = {
        "label": gettext("All instruments"),
        "url": url_for("booking.approvals"),
        "current": chosen is None,
        "count": total if chosen is None else None,
    }
    return [everything] + [
        {
            "label": names[slug],
            "url": url_for("booking.approvals", instrument=slug),
            "current": slug == chosen,
            "count": count,
        }
        for slug, count in counts.most_common()
    ]


def _approve_marked(person: Person) -> ResponseReturnValue:
    """Each marked request is approved by itself: one that cannot be does not hold up the others."""
    approved, refused = 0, []
    for reference in dict.fromkeys(request.form.getlist("reference")[:_PAGE_SIZE]):
        seen = request.form.get(f"version-{reference}", "")
        version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else -1
        try:
            service = approve_series if reference.startswith("S-") else services.approve
            perform(service, reference, by=person, at=now(), version=version)
            approved += 1
        except DomainError as refusal:
            refused.append(f"{reference}: {refusal.message}")
    _tell(approved, refused)
    return redirect(url_for("booking.approvals", instrument=request.form.get("instrument") or None))


def _tell(approved: int, refused: list[str]) -> None:
    if approved:
        flash(
            ngettext(
                "%(num)s request approved. The applicant is told by mail.",
                "%(num)s requests approved. The applicants are told by mail.",
                approved,
            ),
            "success",
        )
    if refused:
        flash(gettext("Not approved: %(which)s", which=listed(refused)), "error")
    if not approved and not refused:
        flash(gettext("Mark at least one request first."), "warning")
