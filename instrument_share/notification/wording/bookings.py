"""The words of messages to applicants about their bookings."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ..rules import Kind
from .template import Template

WORDS: dict[Kind, Template] = {
    Kind.RECEIVED: Template(
        lazy_gettext("Request received: %(instrument)s"),
        lazy_gettext("We have your request %(reference)s and hold the time for you."),
        lazy_gettext("It is being checked. You are told as soon as it is decided."),
    ),
    Kind.CONFIRMED: Template(
        lazy_gettext("Confirmed: %(instrument)s"),
        lazy_gettext("Your booking %(reference)s is confirmed."),
        lazy_gettext(
            "The time is yours. If you cannot use it, cancel early, so that others can have it."
        ),
    ),
    Kind.REJECTED: Template(
        lazy_gettext("Rejected: %(instrument)s"),
        lazy_gettext("Your request %(reference)s was rejected, and its time is free again."),
        lazy_gettext("Read the reason below. You may ask for another time or instrument."),
    ),
    Kind.CHANGES_REQUESTED: Template(
        lazy_gettext("Changes requested: %(instrument)s"),
        lazy_gettext("Your request %(reference)s needs changes. Its time is still held for you."),
        lazy_gettext("Read what is asked for, change the request and submit it again."),
        lazy_gettext("Change the request"),
    ),
    Kind.MOVED: Template(
        lazy_gettext("New time: %(instrument)s"),
        lazy_gettext("Your booking %(reference)s now has another time."),
        lazy_gettext(
            "Approvals that do not hold for the new time are asked again. The booking shows how far it is."
        ),
    ),
    Kind.MOVED_CONFIRMED: Template(
        lazy_gettext("New time: %(instrument)s"),
        lazy_gettext("Your booking %(reference)s now has another time and stays confirmed."),
        lazy_gettext("You need not do anything. What was approved before holds for it, too."),
    ),
    Kind.WITHDRAWN: Template(
        lazy_gettext("Withdrawn: %(instrument)s"),
        lazy_gettext("Your request %(reference)s was withdrawn, and its time is free again."),
        lazy_gettext("It is kept as a draft: you may change it and submit it again."),
    ),
    Kind.CANCELLED: Template(
        lazy_gettext("Cancelled: %(instrument)s"),
        lazy_gettext("The booking %(reference)s was cancelled, and its time is free again."),
        lazy_gettext("You need not do anything. You may ask for another time."),
    ),
    Kind.EXPIRED: Template(
        lazy_gettext("Expired: %(instrument)s"),
        lazy_gettext("Your request %(reference)s was not decided in time and has expired."),
        lazy_gettext("Its time is free again. Ask for another time, or ask the facility why."),
    ),
    Kind.FINISHED: Template(
        lazy_gettext("Finished: %(instrument)s"),
        lazy_gettext("The use of your booking %(reference)s is recorded."),
        lazy_gettext("Look at what was recorded. If something is wrong, tell the facility."),
    ),
    Kind.HIT: Template(
        lazy_gettext("The instrument cannot be used then: %(instrument)s"),
        lazy_gettext(
            "Your booking %(reference)s lies in a time in which %(instrument)s is closed or reserved."
        ),
        lazy_gettext(
            "It stays as it is until you move or cancel it. Choose another time, or wait for the facility."
        ),
        lazy_gettext("Choose another time"),
    ),
    Kind.SPARED: Template(
        lazy_gettext("The instrument can be used again: %(instrument)s"),
        lazy_gettext("Nothing stands in the way of your booking %(reference)s any more."),
        lazy_gettext("It takes place as it was booked. You need not do anything."),
    ),
    Kind.NO_SHOW: Template(
        lazy_gettext("Not used: %(instrument)s"),
        lazy_gettext("Your booking %(reference)s was marked as not used."),
        lazy_gettext("If you were there, tell the facility."),
    ),
    Kind.REMINDER: Template(
        lazy_gettext("Coming soon: %(instrument)s"),
        lazy_gettext("Your booking %(reference)s begins soon."),
        lazy_gettext("If you cannot use it, cancel now, so that others can have the time."),
    ),
    Kind.CLOCKS_CHANGED: Template(
        lazy_gettext("Clocks changed: %(instrument)s"),
        lazy_gettext(
            "The clocks at the instrument's place follow new rules, and the booking %(reference)s follows them."
        ),
        lazy_gettext("Compare the time below with your plans and with your calendar."),
    ),
}
