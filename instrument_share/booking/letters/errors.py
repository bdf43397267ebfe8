"""Why a letter is not asked for, issued or revoked."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ...foundation.errors import Refusal


class NoVisit(Refusal):
    code = "no_visit"
    message = lazy_gettext("Enter the visitors and their days first.")


class NotConfirmed(Refusal):
    code = "not_confirmed"
    message = lazy_gettext("A letter of invitation needs a confirmed booking.")


class NotAsked(Refusal):
    code = "letter_not_asked"
    message = lazy_gettext("The applicant has not asked for a letter.")


class LetterOver(Refusal):
    code = "letter_over"
    message = lazy_gettext("This letter is revoked or superseded already.")


class NotPrintable(Refusal):
    """Letters of a script that the shipped fonts have not would be printed as empty boxes."""

    code = "not_printable"
    status = 422

    def __init__(self, letters: str) -> None:
        super().__init__(
            lazy_gettext(
                "The letter cannot be printed: there is no font for “%(letters)s”. Write these names in Latin letters.",
                letters=letters[:20],
            ),
            letters=letters[:20],
        )
