"""The words of messages about what happens around a booking besides its lifecycle."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ..rules import Kind
from .template import Template

#: The same for each side: which checks are theirs makes the difference.
_CHECKS_OPEN = Template(
    lazy_gettext("Checks are still open: %(instrument)s"),
    lazy_gettext(
        "The remote use of the booking %(reference)s begins soon. Still open on your side: %(detail)s."
    ),
    lazy_gettext("Do what is left, and mark it as done on the booking."),
    lazy_gettext("See the checks"),
)

WORDS: dict[Kind, Template] = {
    Kind.LETTER_ASKED: Template(
        lazy_gettext("A letter of invitation is asked for: %(reference)s"),
        lazy_gettext(
            "%(applicant)s asks for a letter of invitation for the visitors of the booking %(reference)s."
        ),
        lazy_gettext("Check visitors and days, then issue the letter."),
    ),
    Kind.LETTER_ISSUED: Template(
        lazy_gettext("Your letter of invitation is issued: %(detail)s"),
        lazy_gettext(
            "The international office has issued the letter of invitation %(detail)s for your booking %(reference)s."
        ),
        lazy_gettext(
            "Download it from the booking and give it to your visitors. Anybody can check it with the code on it."
        ),
        lazy_gettext("Get the letter"),
    ),
    Kind.LETTER_REVOKED: Template(
        lazy_gettext("Letter of invitation revoked: %(detail)s"),
        lazy_gettext(
            "The international office has revoked the letter of invitation %(detail)s for your booking %(reference)s."
        ),
        lazy_gettext("Do not use it any more. Ask for a new one if you need it."),
    ),
    Kind.SAMPLE_SENT: Template(
        lazy_gettext("Samples are on their way: %(detail)s"),
        lazy_gettext("%(applicant)s has sent samples for the booking %(reference)s: %(detail)s."),
        lazy_gettext("Note on the booking when they arrive."),
    ),
    Kind.SAMPLE_RECEIVED: Template(
        lazy_gettext("Your samples have arrived: %(detail)s"),
        lazy_gettext(
            "The facility has received your samples for the booking %(reference)s: %(detail)s."
        ),
        lazy_gettext("You are told when they are measured."),
    ),
    Kind.SAMPLE_MEASURED: Template(
        lazy_gettext("Your samples are measured: %(detail)s"),
        lazy_gettext(
            "The facility has measured your samples of the booking %(reference)s: %(detail)s."
        ),
        lazy_gettext("You are told when they are sent back or destroyed, as you asked."),
    ),
    Kind.SAMPLE_KEPT: Template(
        lazy_gettext("Your samples stay at the facility: %(detail)s"),
        lazy_gettext(
            "The facility keeps your samples of the booking %(reference)s for now: %(detail)s."
        ),
        lazy_gettext(
            "You are told when they are sent back or destroyed. Write to the facility if you want them back."
        ),
    ),
    Kind.SAMPLE_RETURNED: Template(
        lazy_gettext("Your samples are on their way back: %(detail)s"),
        lazy_gettext(
            "The facility has sent back your samples of the booking %(reference)s: %(detail)s."
        ),
        lazy_gettext(
            "Follow the parcel with its tracking number, and write to the facility if it does not arrive."
        ),
    ),
    Kind.SAMPLE_DESTROYED: Template(
        lazy_gettext("Your samples are destroyed: %(detail)s"),
        lazy_gettext(
            "The facility has destroyed your samples of the booking %(reference)s: %(detail)s."
        ),
        lazy_gettext("Nothing more is to be done with them."),
    ),
    Kind.CONNECTION_READY: Template(
        lazy_gettext("Your connection is ready: %(instrument)s"),
        lazy_gettext("%(by)s has prepared the connection for your booking %(reference)s."),
        lazy_gettext(
            "Go through the checks on the booking before the day. "
            "How to connect is shown there shortly before it begins."
        ),
    ),
    Kind.ON_DUTY: Template(
        lazy_gettext("You are on duty: %(instrument)s"),
        lazy_gettext("%(by)s has put you on duty for the remote use of the booking %(reference)s."),
        lazy_gettext(
            "Go through the checks on the booking before the day, and be there when it begins."
        ),
    ),
    Kind.CHECKS_OPEN: _CHECKS_OPEN,
    Kind.CHECKS_OPEN_ON_DUTY: _CHECKS_OPEN,
    Kind.DATA_READY: Template(
        lazy_gettext("Your data are described: %(instrument)s"),
        lazy_gettext("%(by)s has described the data of your booking %(reference)s."),
        lazy_gettext("Read under which licence you have them before you use them."),
    ),
    Kind.FAULT_REPORTED: Template(
        lazy_gettext("Fault reported: %(instrument)s"),
        lazy_gettext("%(by)s reports a fault at the instrument %(instrument)s."),
        lazy_gettext(
            "Look at the instrument. If others cannot use it like this, restrict it or close it for a while."
        ),
        lazy_gettext("See the faults"),
    ),
}
