"""What the tests of visits and letters share: a plan of two visitors, and a letter to them."""

from __future__ import annotations

from datetime import date

from instrument_share.booking.letters import services
from instrument_share.booking.letters.models import Letter
from instrument_share.booking.visits.services import enter_visit
from instrument_share.booking.visits.values import VisitorEntry, VisitPlan
from tests.support.builders import AT

VERIFY = "https://share.example/letters/verify"


AIGERIM = VisitorEntry("Әйгерім Нұр", "Aigerim Nur", "KZ", "Al-Farabi University", "researcher")


MOHAMED = VisitorEntry("محمد الحسن", "Mohamed Elhassan", "EG", "Cairo University", "student")


PLAN = VisitPlan(date(2026, 3, 3), date(2026, 3, 4), (AIGERIM, MOHAMED))


def issued(scene, booking, languages="zh-Hans+en") -> Letter:
    enter_visit(booking.reference, PLAN, by=scene.applicant, at=AT)
    services.ask_for_letter(booking.reference, languages, by=scene.applicant, at=AT)
    return services.issue_letter(booking.reference, VERIFY, by=scene.office, at=AT)
