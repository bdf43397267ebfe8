"""What waits for people because of screenings: answers to decide on, and one's own that the office asks about."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import lazy_gettext

from ...foundation.http.show import localized
from ...identity import waiting
from ...identity.models import Person
from ...identity.waiting import MOST, Pile, Thing
from .labels import CLASS_NAMES
from .models import Screening
from .queries import has_an_office, queue_page, screenings_of
from .rules import State


def connect() -> None:
    """Tell the inbox. Connecting again changes nothing."""
    waiting.register("screenings", lazy_gettext("Screenings to decide"), _to_decide, place=15)
    waiting.register("answers", lazy_gettext("Questions about your screening"), _asked, place=35)


def _to_decide(person: Person, at: datetime) -> Pile | None:
    if not has_an_office(person):
        return None
    page = queue_page(person, State.WAITING, 1, MOST)
    return Pile([_thing(each) for each in page.items], page.total, url_for("screening.queue"))


def _thing(row: Screening) -> Thing:
    return Thing(
        f"{row.person.display_name} · {CLASS_NAMES[row.screening_class]}",
        url_for("screening.decide", screening_id=row.id),
        localized(row.institution.names),
    )


def _asked(person: Person, at: datetime) -> Pile:
    asked = [each for each in screenings_of(person) if each.state == State.ASKED_BACK]
    return Pile([_own(each) for each in asked[:MOST]], len(asked))


def _own(row: Screening) -> Thing:
    host, screening_class = row.institution.slug, row.screening_class
    return Thing(
        str(CLASS_NAMES[screening_class]),
        url_for("screening.form", host=host, screening_class=screening_class),
        localized(row.institution.names),
    )
