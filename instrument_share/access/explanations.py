"""Every condition of eligibility as a sentence that the researcher can act on, and the page where
that is done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import has_request_context, url_for
from flask_babel import gettext
from sqlalchemy import select

from ..catalogue.labels import MODES, SAFETY_CLASSES
from ..catalogue.models import Instrument
from ..foundation.database import db
from ..foundation.http import show
from ..identity.models import Institution
from .rules import ConditionCode, Demands, Level, OpenKind


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition in the reader's language. `action_url` leads to where it can be met, where that
    is known.
    """

    code: str
    met: bool
    message: str
    action_url: str | None = None


def explained(
    code: ConditionCode, met: bool, instrument: Instrument, demands: Demands
) -> Condition:
    """The condition `code` of an instrument for a reader for whom it is `met` or not."""
    message, action_url = _SENTENCES[code](met, instrument, demands)
    return Condition(code, met, message, None if met else action_url)


#: A sentence and where to go about it.
Told = tuple[str, str | None]


def _signed_in(met: bool, instrument: Instrument, _: Demands) -> Told:
    if met:
        return gettext("You are signed in."), None
    here = _page("catalogue.instrument", slug=instrument.slug) or ""
    return (
        gettext("Sign in or sign up, so that we can tell what else you need."),
        _page("identity.sign_in", next=here),
    )


def _mail_verified(met: bool, *_: object) -> Told:
    if met:
        return gettext("Your e-mail address is confirmed."), None
    return gettext("Confirm your e-mail address: open the link that we sent you."), _account()


def _vouched(met: bool, *_: object) -> Told:
    if met:
        return gettext("Your institution has vouched for you."), None
    return (
        gettext("Ask the liaison of your institution to vouch for you in this system."),
        _account(),
    )


def _in_service(met: bool, *_: object) -> Told:
    if met:
        return gettext("The instrument is in service."), None
    return (
        gettext("The instrument is not in service. Look for another one."),
        _page("catalogue.search"),
    )


def _mode_offered(met: bool, instrument: Instrument, demands: Demands) -> Told:
    asked = MODES.get(demands.mode or "", demands.mode)
    if met:
        return gettext("The instrument offers this access mode: %(mode)s.", mode=asked), None
    offered = show.listed([str(MODES[mode]) for mode in instrument.access_modes])
    return gettext(
        "Choose another access mode. The instrument offers: %(modes)s.", modes=offered
    ), None


def _open_to(met: bool, instrument: Instrument, demands: Demands) -> Told:
    """Says whom the instrument is open to, met or not."""
    open_to = demands.open_to
    match open_to.get("kind", OpenKind.ALL):
        case OpenKind.ALL:
            return gettext("The instrument is open to researchers of every institution."), None
        case OpenKind.COUNTRIES:
            names = show.listed(sorted(map(show.country, open_to.get("countries", ()))))
            return gettext(
                "Open to researchers of institutions in: %(countries)s.", countries=names
            ), _account()
        case OpenKind.INSTITUTIONS:
            names = show.listed(_names_of(open_to.get("institutions", ())))
            return gettext(
                "Open to researchers of: %(institutions)s.", institutions=names
            ), _account()
        case _ if met:
            return gettext("An agreement of your institution covers this instrument."), None
        case _:
            return (
                gettext(
                    "Open to partner institutions with an agreement that covers this instrument. "
                    "Ask your liaison."
                ),
                _page("access.agreements"),
            )


def _qualified(met: bool, instrument: Instrument, demands: Demands) -> Told:
    if met:
        return gettext("You hold the qualification that this instrument asks for."), None
    sentence = (
        gettext("You need training to use this instrument on your own. Ask the facility for it.")
        if demands.level == Level.INDEPENDENT
        else gettext(
            "You need training to use this instrument under supervision. Ask the facility for it."
        )
    )
    return sentence, _page("catalogue.facility", slug=instrument.facility.slug)


def _safety(_met: bool, _instrument: Instrument, demands: Demands) -> Told:
    named = SAFETY_CLASSES.get(demands.safety_class, demands.safety_class)
    return (
        gettext(
            "Safety class: %(name)s. Tell in your request what is hazardous about your samples; "
            "the safety officer looks at it.",
            name=named,
        ),
        None,
    )


_SENTENCES: dict[ConditionCode, Callable[[bool, Instrument, Demands], Told]] = {
    ConditionCode.SIGNED_IN: _signed_in,
    ConditionCode.MAIL_VERIFIED: _mail_verified,
    ConditionCode.VOUCHED: _vouched,
    ConditionCode.IN_SERVICE: _in_service,
    ConditionCode.MODE_OFFERED: _mode_offered,
    ConditionCode.OPEN_TO: _open_to,
    ConditionCode.QUALIFIED: _qualified,
    ConditionCode.SAFETY: _safety,
}


def _account() -> str | None:
    return _page("identity.account")


def _page(endpoint: str, **values: Any) -> str | None:
    """The address of a page; None outside of a request, where nobody could follow it."""
    return url_for(endpoint, **values) if has_request_context() else None


def _names_of(institution_ids: list[int]) -> list[str]:
    rows = db.session.scalars(
        select(Institution.names)
        .where(Institution.id.in_(institution_ids))
        .order_by(Institution.slug)
    )
    return [show.localized(names) for names in rows]
