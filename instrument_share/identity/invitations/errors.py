"""What invitations refuse, each with its stable code."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ...foundation.errors import Refusal


class InvitationOver(Refusal):
    """The invitation was accepted, was withdrawn, has expired, or was never ours; which of these is not told."""

    code = "invitation_over"
    status = 410
    message = lazy_gettext(
        "This invitation was used, was withdrawn or has expired. Ask whoever invited you for a new one."
    )


class ForAnotherAddress(Refusal):
    """Somebody with another mail address holds the link."""

    code = "for_another_address"
    status = 403
    message = lazy_gettext(
        "This invitation was sent to an e-mail address other than that of your account. "
        "Sign out, and open it again with the account of that address."
    )


class BelongsElsewhere(Refusal):
    """Nobody changes institutions by a link."""

    code = "belongs_elsewhere"
    status = 409
    message = lazy_gettext(
        "Your account belongs to another institution. "
        "Ask the administrator of this site to move it before you accept."
    )


class HasAccount(Refusal):
    """Whoever holds the mailbox has an account already and accepts with it."""

    code = "has_account"
    status = 409
    message = lazy_gettext(
        "You have an account with this e-mail address. Sign in, and accept the invitation there."
    )


class AlreadyColleague(Refusal):
    """No invitation is needed for people of the institution."""

    code = "already_colleague"
    status = 409
    message = lazy_gettext(
        "This person belongs to your institution already. Vouch for them on the page of people."
    )
