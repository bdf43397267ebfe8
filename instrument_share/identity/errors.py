"""What identity refuses, each with its stable code."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ..foundation.errors import Refusal


class WrongCredentials(Refusal):
    """The mail address is unknown or the password is wrong; which of the two is never told."""

    code = "wrong_credentials"
    status = 401
    message = lazy_gettext("The e-mail address or the password is not right.")


class MailUnverified(Refusal):
    """The password is right, but the mailbox was never proved."""

    code = "mail_unverified"
    status = 403
    message = lazy_gettext(
        "Confirm your e-mail address first: we have sent you a new link. Check your mailbox."
    )


class AccountSuspended(Refusal):
    """The password is right, but an administrator suspended the account."""

    code = "account_suspended"
    status = 403
    message = lazy_gettext(
        "This account is suspended. Write to the administrator of this site to learn why."
    )


class LinkExpired(Refusal):
    """A one-time link was used before, is too old, or was never ours."""

    code = "link_expired"
    status = 410
    message = lazy_gettext(
        "This link was used already or has expired. Sign in: you are sent a new one if you need it."
    )


class OrcidTaken(Refusal):
    code = "orcid_taken"
    status = 409
    message = lazy_gettext("Another account has this ORCID iD.")


class AlreadyGranted(Refusal):
    code = "already_granted"
    status = 409
    message = lazy_gettext("This person holds this role already.")


class InstitutionNamed(Refusal):
    """Where somebody works is said once; later their liaison or the programme changes it."""

    code = "institution_named"
    status = 409
    message = lazy_gettext("You belong to an institution already.")


class OwnAdministration(Refusal):
    """An administrator would lock themself out."""

    code = "own_administration"
    status = 409
    message = lazy_gettext(
        "You cannot take the administrator's role from yourself. Ask another administrator to do it."
    )


class IdempotencyMismatch(Refusal):
    """A second request under an `Idempotency-Key` that is not the first one repeated."""

    code = "idempotency_mismatch"
    status = 422
    message = lazy_gettext(
        "This Idempotency-Key belongs to another request. Use a new key for a new request."
    )
