"""The words of messages about who may use what: vouching, training, qualifications and screening."""

from __future__ import annotations

from flask_babel import lazy_gettext

from .rules import Kind
from .wording import Template

ACCESS_WORDS: dict[Kind, Template] = {
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
    Kind.VOUCHING_ASKED: Template(
        lazy_gettext("Do you know %(applicant)s?"),
        lazy_gettext(
            "%(applicant)s (%(email)s) says that they work at your institution and asks you to vouch for them."
        ),
        lazy_gettext("Vouch for them if you know them. If you do not, leave it."),
        lazy_gettext("Look at the person"),
    ),
}
