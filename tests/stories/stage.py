"""What is there before somebody joins: a host with an instrument that asks much of its users, and its staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask
from pyotp import TOTP

from instrument_share.access.agreements.models import AgreementCountry
from instrument_share.accounting.services.quotas import grant_due
from instrument_share.booking.at_instrument.models import InstrumentLabel
from instrument_share.foundation.database import db
from instrument_share.identity.models import Institution, Person
from instrument_share.identity.passwords import hash_password
from instrument_share.identity.rules import Role, Scope
from instrument_share.identity.second_factor.rules import new_secret
from instrument_share.identity.second_factor.services import set_up
from tests.support.builders import (
    grant,
    make_agreement,
    make_facility,
    make_host,
    make_instrument,
    make_person,
    make_rate_card,
    make_training,
)

from .somebody import PASSWORD, House, Somebody

NAMES = {"en": "Ion microscope", "zh-Hans": "离子显微镜", "ar": "مجهر أيوني"}
SLUG, HOST = "ion-microscope", "lakeside"
#: Name in the story -> the role and where it holds.
STAFF = {
    "manager": (Role.FACILITY_MANAGER, "facility"),
    "safety": (Role.SAFETY_OFFICER, "institution"),
    "office": (Role.INTERNATIONAL_OFFICE, "institution"),
    "deputy": (None, ""),
    "programme": (Role.PROGRAMME_OFFICER, "programme"),
}


@dataclass(frozen=True)
class Stage:
    """References of the instrument's training and agreement, and the programme officer's authenticator."""

    training: str
    training_ends: datetime
    agreement: str
    second_factor: str


def set_stage(app: Flask, language: str, at: datetime) -> Stage:
    """Everything is committed, so that a server finds it."""
    with app.app_context():
        host = make_host(slug=HOST, names={"en": "Lakeside University", "zh-Hans": "湖畔大学"})
        facility = make_facility(host, slug="ion-centre", names=NAMES)
        people = {name: _employed(name, host, language) for name in STAFF}
        for name, (role, kind) in STAFF.items():
            if role is not None:
                place = {"facility": facility.id, "institution": host.id}.get(kind)
                grant(people[name], role, Scope(kind, place))
        instrument = make_instrument(
            facility, slug=SLUG, names=NAMES, qualification="independent",
            screening_class="biosafety", safety_class="biosafety",
        )  # fmt: skip
        db.session.add(InstrumentLabel(instrument_id=instrument.id, self_service=True))
        make_rate_card(facility, valid_from=at.date() - timedelta(days=30))
        begins = (at + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
        training = make_training(
            instrument, people["manager"], starts_at=begins, ends_at=begins + timedelta(hours=2)
        )
        agreement = make_agreement(
            host, host, titles={"en": "Lakeside with Kazakhstan"}, partners=[],
            countries=[AgreementCountry(country="KZ")],
            valid_from=at.date() - timedelta(days=30), valid_until=at.date() + timedelta(days=400),
        )  # fmt: skip
        grant_due(agreement, at=at)
        secret = _second_factor(people["programme"], at - timedelta(minutes=10))
        stage = Stage(training.reference, training.ends_at, agreement.reference, secret)
        db.session.commit()
    return stage


def enter(house: House, name: str, language: str, second_factor: str = "") -> Somebody:
    """One of the staff, at a browser of their own."""
    return house.somebody(name.title(), f"{name}@lakeside.example", language, second_factor)


def _employed(name: str, host: Institution, language: str) -> Person:
    return make_person(
        host, email=f"{name}@lakeside.example", display_name=name.title(), language=language,
        password_hash=hash_password(PASSWORD),
    )  # fmt: skip


def _second_factor(person: Person, at: datetime) -> str:
    """Set up a while ago, so that the code of this moment is not used up."""
    secret = new_secret()
    person.second_factor_at = None  # overseers are made as if they had one already
    db.session.flush()
    set_up(person, secret, TOTP(secret).at(at), at=at, password=PASSWORD)
    return secret
