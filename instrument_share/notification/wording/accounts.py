"""The words of messages about accounts and those who stand in for somebody."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ..rules import Kind
from .template import Template

WORDS: dict[Kind, Template] = {
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
    Kind.PASSWORD_CHANGED: Template(
        lazy_gettext("Your password was changed"),
        lazy_gettext("The password of your account was changed just now."),
        lazy_gettext(
            "If it was you, you need not do anything. If it was not, choose a new password at once by a link to "
            "this mailbox, and tell whoever runs this site."
        ),
        lazy_gettext("It was not me: choose a new password"),
    ),
    Kind.EVERYTHING_ENDED: Template(
        lazy_gettext("You are signed out everywhere"),
        lazy_gettext(
            "Every device is signed out of your account, and the tokens of your programs are void."
        ),
        lazy_gettext(
            "Sign in again, and make new tokens for the programs that you still use. "
            "If it was not you, choose a new password at once."
        ),
        lazy_gettext("Look at your account"),
    ),
    Kind.SECOND_FACTOR_RESET: Template(
        lazy_gettext("Your second factor was reset"),
        lazy_gettext(
            "Whoever runs this site has taken the second factor off your account, signed you out everywhere and made "
            "the tokens of your programs void."
        ),
        lazy_gettext(
            "Sign in with your password and set it up again. "
            "If you did not ask for this, choose a new password at once and tell whoever runs this site."
        ),
        lazy_gettext("Set it up again"),
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
