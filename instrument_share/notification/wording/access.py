"""The words of messages about who may use what: vouching, training, qualifications and screening."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ..rules import Kind
from .template import Template

_SCREENING = lazy_gettext("See your answers")
_TRAINING = lazy_gettext("Look at the training")
_ACCOUNT = lazy_gettext("Look at your account")

WORDS: dict[Kind, Template] = {
    Kind.INSTITUTION_APPLIED: Template(
        lazy_gettext("%(institution)s asks to take part"),
        lazy_gettext("%(institution)s asks to take part in the programme."),
        lazy_gettext("Admit it, or decline and say why."),
        lazy_gettext("Look at the application"),
    ),
    Kind.INSTITUTION_ADMITTED: Template(
        lazy_gettext("%(institution)s takes part"),
        lazy_gettext("%(institution)s is admitted. Its people can ask for instrument time."),
        lazy_gettext("Find an instrument and ask for time."),
        lazy_gettext("Look at the application"),
    ),
    Kind.INSTITUTION_DECLINED: Template(
        lazy_gettext("%(institution)s is not admitted"),
        lazy_gettext("The application of %(institution)s was declined, for the reason given."),
        lazy_gettext("You can apply again once what is missing is there."),
        lazy_gettext("Look at the application"),
    ),
    Kind.INVITATION: Template(
        lazy_gettext("%(inviter)s invites you to %(institution)s"),
        lazy_gettext(
            "%(inviter)s vouches that you work at %(institution)s and invites you to its shared instruments."
        ),
        lazy_gettext(
            "Accept within %(days)s days; then you can ask for instrument time. "
            "The link works once, for you alone. If you do not know what this is about, do nothing."
        ),
        lazy_gettext("Look at the invitation"),
    ),
    Kind.WAY_IN_CONNECTED: Template(
        lazy_gettext("%(provider)s is connected with your account"),
        lazy_gettext("From now on your account is opened by signing in with %(provider)s, too."),
        lazy_gettext(
            "If it was not you, disconnect it on the page of your account, change your password "
            "and sign out everywhere."
        ),
        _ACCOUNT,
    ),
    Kind.WAY_IN_DISCONNECTED: Template(
        lazy_gettext("%(provider)s is no longer connected with your account"),
        lazy_gettext("Your account is no longer opened by signing in with %(provider)s."),
        lazy_gettext("If it was not you, change your password and sign out everywhere."),
        _ACCOUNT,
    ),
    Kind.VOUCHING_ASKED: Template(
        lazy_gettext("Do you know %(applicant)s?"),
        lazy_gettext(
            "%(applicant)s (%(email)s) says that they work at your institution and asks you to vouch for them."
        ),
        lazy_gettext("Vouch for them if you know them. If you do not, leave it."),
        lazy_gettext("Look at the person"),
    ),
    Kind.VOUCHED: Template(
        lazy_gettext("%(institution)s vouches for you"),
        lazy_gettext("%(liaison)s, liaison of %(institution)s, vouches for you."),
        lazy_gettext("You can ask for time on the instruments that are open to your institution."),
        lazy_gettext("Find an instrument"),
    ),
    Kind.VOUCHING_WITHDRAWN: Template(
        lazy_gettext("%(institution)s no longer vouches for you"),
        lazy_gettext("%(liaison)s, liaison of %(institution)s, no longer vouches for you."),
        lazy_gettext(
            "You can ask for no more instrument time; what is booked stays. Read why below. "
            "If it is a mistake, ask your liaison to vouch for you again."
        ),
        lazy_gettext("Ask the liaison"),
    ),
    Kind.TRAINING_BOOKED: Template(
        lazy_gettext("You have a place: training for %(subject)s"),
        lazy_gettext("You have a place in the training %(reference)s."),
        lazy_gettext("If you cannot come, give it up, so that somebody else can have it."),
        _TRAINING,
    ),
    Kind.TRAINING_WAITING: Template(
        lazy_gettext("In line for a training: %(subject)s"),
        lazy_gettext("All places of the training %(reference)s are taken; you are in line."),
        lazy_gettext("When a place comes free and it is your turn, it is yours and you are told."),
        _TRAINING,
    ),
    Kind.TRAINING_MOVED_UP: Template(
        lazy_gettext("A place came free for you: training for %(subject)s"),
        lazy_gettext("Somebody gave up a place in the training %(reference)s; it is yours now."),
        lazy_gettext("If you cannot come, give it up, so that somebody else can have it."),
        _TRAINING,
    ),
    Kind.TRAINING_MOVED: Template(
        lazy_gettext("Training moved: %(subject)s"),
        lazy_gettext("The training %(reference)s takes place at another time; your place is kept."),
        lazy_gettext("If you cannot come then, give it up, so that somebody else can have it."),
        _TRAINING,
    ),
    Kind.TRAINING_MOVED_IN_LINE: Template(
        lazy_gettext("Training moved: %(subject)s"),
        lazy_gettext(
            "The training %(reference)s takes place at another time; you are still in line."
        ),
        lazy_gettext("If you cannot come then, leave the line."),
        _TRAINING,
    ),
    Kind.TRAINING_CANCELLED: Template(
        lazy_gettext("Training cancelled: %(subject)s"),
        lazy_gettext("The training %(reference)s does not take place."),
        lazy_gettext("Read why below, and look for another one."),
        lazy_gettext("All trainings"),
    ),
    Kind.TRAINING_FAILED: Template(
        lazy_gettext("Training not passed: %(subject)s"),
        lazy_gettext("You did not pass the training %(reference)s this time."),
        lazy_gettext("You may ask for a place in another one."),
        lazy_gettext("All trainings"),
    ),
    Kind.QUALIFICATION_GRANTED: Template(
        lazy_gettext("You are qualified: %(instrument)s"),
        lazy_gettext("You may use %(instrument)s now."),
        lazy_gettext("Your training page says until when. You are told before it runs out."),
        lazy_gettext("See your qualifications"),
    ),
    Kind.QUALIFICATION_REVOKED: Template(
        lazy_gettext("Qualification revoked: %(instrument)s"),
        lazy_gettext(
            "You may not use %(instrument)s any more. Bookings of yours cannot be started."
        ),
        lazy_gettext(
            "Read why below, and talk to the facility. A new training may qualify you again."
        ),
        lazy_gettext("See your qualifications"),
    ),
    Kind.SCREENING_WAITS: Template(
        lazy_gettext("A screening waits for your decision: %(applicant)s"),
        lazy_gettext("%(applicant)s gave answers that need the decision of your office."),
        lazy_gettext("Approve them, decline with a reason, or ask back."),
        lazy_gettext("Decide"),
    ),
    Kind.SCREENING_CLEARED: Template(
        lazy_gettext("Your screening is cleared: %(host)s"),
        lazy_gettext(
            "The office of %(host)s has looked at your answers; nothing stands in the way."
        ),
        lazy_gettext("You can ask for instrument time now."),
        _SCREENING,
    ),
    Kind.SCREENING_ASKED_BACK: Template(
        lazy_gettext("A question about your screening: %(host)s"),
        lazy_gettext("The office of %(host)s asks something about your answers."),
        lazy_gettext("Read the question, and answer again."),
        _SCREENING,
    ),
    Kind.SCREENING_DECLINED: Template(
        lazy_gettext("Your screening was declined: %(host)s"),
        lazy_gettext("The office of %(host)s declined what you answered."),
        lazy_gettext("Read why below. If something changes, answer again."),
        _SCREENING,
    ),
    Kind.SCREENING_WITHDRAWN: Template(
        lazy_gettext("Your screening was withdrawn: %(host)s"),
        lazy_gettext(
            "The office of %(host)s takes its clearance back. Bookings of yours cannot be started."
        ),
        lazy_gettext("Read why below, and answer again if something has changed."),
        _SCREENING,
    ),
    Kind.QUALIFICATION_ENDING: Template(
        lazy_gettext("Your qualification runs out: %(instrument)s"),
        lazy_gettext("Your qualification for %(instrument)s holds until %(day)s."),
        lazy_gettext("Ask for a place in a training before then, so that you can go on booking."),
        lazy_gettext("Find a training"),
    ),
}
