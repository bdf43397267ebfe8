"""The words of every message: one subject, one sentence, what comes next, and the button that leads
there.

Mails and the inbox use the same words. `%(instrument)s`, `%(reference)s` and `%(applicant)s` are
filled in by `told`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import LazyString, lazy_gettext

from .rules import Kind


@dataclass(frozen=True, slots=True)
class Words:
    """A message in the language of the moment."""

    subject: str
    sentence: str
    next_step: str
    button: str


_OPEN = lazy_gettext("Open the booking")
_AGREEMENT = lazy_gettext("Open the agreement")
_PROJECT = lazy_gettext("Open the project")


@dataclass(frozen=True, slots=True)
class Template:
    subject: LazyString
    sentence: LazyString
    next_step: LazyString
    button: LazyString = _OPEN

    def filled(self, values: Mapping[str, str]) -> Words:
        parts = (self.subject, self.sentence, self.next_step, self.button)
        return Words(*(str(part) % values for part in parts))


_WORDS: dict[Kind, Template] = {
    Kind.VERIFY_MAIL: Template(
        lazy_gettext("Confirm your e-mail address"),
        lazy_gettext("Somebody, probably you, opened an account with this e-mail address."),
        lazy_gettext(
            "Confirm that the address is yours by opening this link. If it was not you, do nothing."
        ),
        lazy_gettext("Confirm the address"),
    ),
    Kind.NEW_PASSWORD: Template(
        lazy_gettext("Choose a new password"),
        lazy_gettext("Somebody, probably you, forgot the password of your account."),
        lazy_gettext(
            "Choose a new one by opening this link within an hour. If it was not you, do nothing: "
            "your password stays as it is."
        ),
        lazy_gettext("Choose a new password"),
    ),
    Kind.SECOND_FACTOR_RESET: Template(
        lazy_gettext("Your second factor was reset"),
        lazy_gettext(
            "Whoever runs this site has taken the second factor off your account and signed you out everywhere."
        ),
        lazy_gettext(
            "Sign in with your password and set it up again. "
            "If you did not ask for this, choose a new password at once and tell whoever runs this site."
        ),
        lazy_gettext("Set it up again"),
    ),
    Kind.OFFERED: Template(
        lazy_gettext("Time is offered to you: %(instrument)s"),
        lazy_gettext(
            "Time that you wait for became free, and it is held for you until %(answer_by)s (%(reference)s)."
        ),
        lazy_gettext(
            "Accept the offer before then, or decline it, so that others can have the time."
        ),
        lazy_gettext("Look at the offer"),
    ),
    Kind.OFFER_RAN_OUT: Template(
        lazy_gettext("Offer run out: %(instrument)s"),
        lazy_gettext(
            "Nobody answered the offer %(reference)s in time, and it has gone to the next in line."
        ),
        lazy_gettext("Your waiting list shows whether you still stand in line for other times."),
    ),
    Kind.FREED_TIME: Template(
        lazy_gettext("Time became free: %(instrument)s"),
        lazy_gettext("Time on %(instrument)s, which you watch, became free."),
        lazy_gettext(
            "Whoever asks first has it. You can stop these messages on your waiting list page."
        ),
        lazy_gettext("Look at the free time"),
    ),
    Kind.RECEIVED: Template(
        lazy_gettext("Request received: %(instrument)s"),
        lazy_gettext("We have your request %(reference)s and hold the time for you."),
        lazy_gettext("It is being checked. You are told as soon as it is decided."),
    ),
    Kind.DECISION_NEEDED: Template(
        lazy_gettext("Your decision is needed: %(instrument)s"),
        lazy_gettext("%(applicant)s asks for time on %(instrument)s (%(reference)s)."),
        lazy_gettext("Approve it, ask for changes, or reject it with a reason."),
        lazy_gettext("Decide"),
    ),
    Kind.CONFIRMED: Template(
        lazy_gettext("Confirmed: %(instrument)s"),
        lazy_gettext("Your booking %(reference)s is confirmed."),
        lazy_gettext(
            "The time is yours. If you cannot use it, cancel early, so that others can have it."
        ),
    ),
    Kind.EXPECTED: Template(
        lazy_gettext("Expect a user: %(instrument)s"),
        lazy_gettext("%(applicant)s will use %(instrument)s (%(reference)s)."),
        lazy_gettext("Start the booking when the work begins and finish it when it ends."),
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
    Kind.EXPECTED_ANEW: Template(
        lazy_gettext("Expect a user at another time: %(instrument)s"),
        lazy_gettext("%(applicant)s will use %(instrument)s at another time (%(reference)s)."),
        lazy_gettext("Start the booking when the work begins and finish it when it ends."),
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
    Kind.SETTLED_WITHOUT_YOU: Template(
        lazy_gettext("No decision needed any more: %(instrument)s"),
        lazy_gettext("The request %(reference)s of %(applicant)s no longer waits for a decision."),
        lazy_gettext("You need not do anything."),
    ),
    Kind.CALLED_OFF: Template(
        lazy_gettext("Called off: %(instrument)s"),
        lazy_gettext("%(applicant)s does not come at this time (%(reference)s)."),
        lazy_gettext("If a new time is confirmed, you are told."),
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
    Kind.CALENDAR_FAILING: Template(
        lazy_gettext("An outside calendar cannot be read: %(instrument)s"),
        lazy_gettext("The calendar “%(calendar)s”, which closes %(instrument)s, cannot be read."),
        lazy_gettext(
            "What it said last is kept for seven days, then its closures go. Look at why, or remove it."
        ),
        lazy_gettext("Look at the calendar"),
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
    Kind.DECISION_REMINDER: Template(
        lazy_gettext("Please decide soon: %(instrument)s"),
        lazy_gettext("The request %(reference)s of %(applicant)s still waits for your decision."),
        lazy_gettext(
            "Approve it, ask for changes, or reject it with a reason, before its time is given up."
        ),
        lazy_gettext("Decide"),
    ),
    Kind.DECISION_ESCALATED: Template(
        lazy_gettext("Nobody has decided yet: %(instrument)s"),
        lazy_gettext(
            "The request %(reference)s of %(applicant)s was not decided in time. You may decide it, too."
        ),
        lazy_gettext("Approve it, ask for changes, or reject it with a reason."),
        lazy_gettext("Decide"),
    ),
    Kind.CLOCKS_CHANGED: Template(
        lazy_gettext("Clocks changed: %(instrument)s"),
        lazy_gettext(
            "The clocks at the instrument's place follow new rules, and the booking %(reference)s follows them."
        ),
        lazy_gettext("Compare the time below with your plans and with your calendar."),
    ),
    Kind.REMARK: Template(
        lazy_gettext("New message: %(instrument)s"),
        lazy_gettext("%(by)s wrote about the booking %(reference)s."),
        lazy_gettext("Reply on the site; answers to this mail are not read."),
        lazy_gettext("Read and reply"),
    ),
    Kind.NOTE: Template(
        lazy_gettext("Internal note: %(instrument)s"),
        lazy_gettext("%(by)s noted something about the booking %(reference)s of %(applicant)s."),
        lazy_gettext(
            "The applicant does not see it. Reply on the site; answers to this mail are not read."
        ),
        lazy_gettext("Read and reply"),
    ),
    Kind.PROJECT_INVITED: Template(
        lazy_gettext("You are invited: %(project)s"),
        lazy_gettext("You are asked to take part in the project “%(project)s”."),
        lazy_gettext("Open the project and take part, or decline."),
        _PROJECT,
    ),
    Kind.PROJECT_LED: Template(
        lazy_gettext("You lead a project: %(project)s"),
        lazy_gettext("From now on you lead the project “%(project)s”."),
        lazy_gettext("You take its members in and see what time was allocated to it."),
        _PROJECT,
    ),
    Kind.PROJECT_ASKED: Template(
        lazy_gettext("Somebody asks to join: %(project)s"),
        lazy_gettext("%(person)s asks to join the project “%(project)s”."),
        lazy_gettext("Take them in or decline; they are told."),
        _PROJECT,
    ),
    Kind.PROJECT_ACCEPTED: Template(
        lazy_gettext("You are a member: %(project)s"),
        lazy_gettext("You were taken into the project “%(project)s”."),
        lazy_gettext("You can name it in your bookings from now on."),
        _PROJECT,
    ),
    Kind.PROJECT_REFUSED: Template(
        lazy_gettext("Not taken in: %(project)s"),
        lazy_gettext("Your request to join the project “%(project)s” was declined."),
        lazy_gettext("You need not do anything."),
        _PROJECT,
    ),
    Kind.PROJECT_JOINED: Template(
        lazy_gettext("New member: %(project)s"),
        lazy_gettext("%(person)s takes part in the project “%(project)s”."),
        lazy_gettext("You need not do anything."),
        _PROJECT,
    ),
    Kind.PROJECT_DECLINED: Template(
        lazy_gettext("Invitation declined: %(project)s"),
        lazy_gettext("%(person)s does not take part in the project “%(project)s”."),
        lazy_gettext("You need not do anything."),
        _PROJECT,
    ),
    Kind.PROJECT_REMOVED: Template(
        lazy_gettext("No longer a member: %(project)s"),
        lazy_gettext("You are no longer a member of the project “%(project)s”."),
        lazy_gettext(
            "Bookings that you made for it stay as they are. If this surprises you, ask its lead."
        ),
        _PROJECT,
    ),
    Kind.PROJECT_LEFT: Template(
        lazy_gettext("A member left: %(project)s"),
        lazy_gettext("%(person)s left the project “%(project)s”."),
        lazy_gettext("You need not do anything."),
        _PROJECT,
    ),
    Kind.PROJECT_ALLOCATED: Template(
        lazy_gettext("Time allocated: %(project)s"),
        lazy_gettext(
            "The project “%(project)s” has %(allocated_minutes)s of instrument time in a period."
        ),
        lazy_gettext("Its bookings in that time take this first. Look at how much is left."),
        _PROJECT,
    ),
    Kind.QUOTA_NEAR: Template(
        lazy_gettext("Quota nearly used: %(agreement)s"),
        lazy_gettext(
            "In %(year)s, %(taken_minutes)s of %(most_minutes)s are used or reserved (%(whose)s)."
        ),
        lazy_gettext("Look at who uses how much, or agree on more time before it runs out."),
        _AGREEMENT,
    ),
    Kind.QUOTA_USED_UP: Template(
        lazy_gettext("Quota used up: %(agreement)s"),
        lazy_gettext(
            "In %(year)s, %(taken_minutes)s of %(most_minutes)s are used or reserved (%(whose)s). "
            "Further bookings under it are refused."
        ),
        lazy_gettext("Agree on more time, or let people book without this agreement."),
        _AGREEMENT,
    ),
    Kind.RESULTS_OVERDUE: Template(
        lazy_gettext("What came of it? %(instrument)s"),
        lazy_gettext("The results of your use %(reference)s are not reported yet."),
        lazy_gettext(
            "Report a publication by its DOI, or say in a sentence what came of it. Otherwise your record shows it."
        ),
        lazy_gettext("Report the results"),
    ),
    Kind.CREDIT_CONTESTED: Template(
        lazy_gettext("Objection to an entry: %(instrument)s"),
        lazy_gettext(
            "%(applicant)s objects to what their record says of the booking %(reference)s."
        ),
        lazy_gettext("Read the reason below, then uphold the entry or lift it."),
        lazy_gettext("Decide"),
    ),
    Kind.CREDIT_DECIDED: Template(
        lazy_gettext("Your objection is decided: %(instrument)s"),
        lazy_gettext("%(by)s decided on what your record says of the booking %(reference)s."),
        lazy_gettext("Your record shows the decision and the answer."),
        lazy_gettext("Look at the entry"),
    ),
    Kind.DEPUTY_NAMED: Template(
        lazy_gettext("You stand in for %(person)s"),
        lazy_gettext(
            "%(person)s is away from %(first_day)s to %(last_day)s (%(zone)s) and has named you as deputy: %(role)s."
        ),
        lazy_gettext(
            "What waits for their decision then waits for yours, too. You can give it back at any time."
        ),
        lazy_gettext("Look at the deputies"),
    ),
    Kind.DEPUTY_WITHDRAWN: Template(
        lazy_gettext("You no longer stand in for %(person)s"),
        lazy_gettext(
            "That you stand in for %(person)s from %(first_day)s to %(last_day)s has been ended."
        ),
        lazy_gettext("You need not do anything."),
        lazy_gettext("Look at the deputies"),
    ),
}


def words_for(kind: Kind, values: Mapping[str, str]) -> Words:
    """The words of a message in the language that gettext speaks."""
    from .access_wording import ACCESS_WORDS
    from .call_wording import CALL_WORDS
    from .visit_wording import VISIT_WORDS

    return (_WORDS | ACCESS_WORDS | CALL_WORDS | VISIT_WORDS)[kind].filled(values)
