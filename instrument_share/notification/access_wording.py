"""The words of messages about who may use what: vouching, training, qualifications and screening."""

from __future__ import annotations

from flask_babel import lazy_gettext

from .rules import Kind
from .wording import Template

ACCESS_WORDS: dict[Kind, Template] = {
    Kind.VOUCHING_ASKED: Template(
        lazy_gettext("Do you know %(applicant)s?"),
        lazy_gettext(
            "%(applicant)s (%(email)s) says that they work at your institution and asks you to vouch for them."
        ),
        lazy_gettext("Vouch for them if you know them. If you do not, leave it."),
        lazy_gettext("Look at the person"),
    ),
}
