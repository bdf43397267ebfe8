"""Agreements, joint projects and trained people of the demonstration. No such agreement exists in reality."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ..access.agreements.models import Agreement
from ..access.agreements.rules import CarryRule
from ..access.agreements.services import activate_agreement, create_agreement
from ..access.agreements.values import AgreementDraft
from ..access.projects.models import Project
from ..access.projects.services import allocate
from ..access.projects.values import AllocationDraft
from ..access.rules import Level
from ..access.training.services import grant_qualification
from ..catalogue.models import Instrument
from ..foundation.database import db
from ..identity.models import Institution, Person
from .people import People


@dataclass(frozen=True)
class _Terms:
    """Who opens to whom, hours a year in all, percent off by access mode."""

    hosts: tuple[str, ...]
    partners: tuple[str, ...]
    hours: int
    discounts: dict[str, int]
    facilities: tuple[str, ...] = ()


_TERMS = {
    "D-2026-01": _Terms(
        ("tsinghua", "zju", "pku"), ("kaznu", "nuuz"), 1200, {"on_site": 30, "remote": 40}
    ),
    "D-2026-02": _Terms(("ustc",), ("kaznu", "belgrade", "nsu"), 900, {"on_site": 50}),
    "D-2026-03": _Terms(("hust",), ("cairo", "ut", "ksu"), 600, {"on_site": 25, "mail_in": 25}),
    "D-2026-04": _Terms(
        ("xmu", "ouc"), ("um", "ui", "colombo"), 1500, {"on_site": 40, "data": 100}
    ),
    "D-2026-05": _Terms(("cau",), ("aau", "nairobi", "qau"), 800, {"data": 100, "mail_in": 20}),
    "D-2026-06": _Terms(("lzu",), ("num", "nuuz", "tribhuvan"), 700, {"data": 100, "on_site": 20}),
    "D-2026-07": _Terms(("sjtu",), ("chula", "vnu", "um5"), 900, {"remote": 60, "mail_in": 30}),
    "D-2026-08": _Terms(("tongji", "swjtu"), ("usp", "puc", "utm"), 500, {"on_site": 30}),
    "D-2026-09": _Terms(("nju", "whu"), ("dhaka", "uct", "ui"), 400, {"data": 100, "on_site": 20}),
    "D-2026-10": _Terms(("fudan", "hit"), ("belgrade", "ksu"), 300, {"on_site": 20}),
}

_PROJECTS = {
    "DP-01": ("D-2026-01", "new_materials", ("kaznu",), {
        "en": "Thin films for the arid climates of Central Asia",
        "zh-Hans": "面向中亚干旱气候的薄膜材料",
        "ar": "أغشية رقيقة لمناخات آسيا الوسطى الجافة",
    }),
    "DP-02": ("D-2026-04", "ocean", ("um", "ui"), {
        "en": "Currents of the South China Sea",
        "zh-Hans": "南海环流",
        "ar": "تيارات بحر الصين الجنوبي",
    }),
    "DP-03": ("D-2026-06", "environment", ("num", "nuuz"), {
        "en": "Dust over the drylands",
        "zh-Hans": "旱区沙尘",
        "ar": "الغبار فوق الأراضي الجافة",
    }),
}  # fmt: skip

_TITLES = {
    "en": "Sharing of instruments: {hosts} with {partners}",
    "zh-Hans": "仪器共享协议：{hosts}与{partners}",
    "ar": "مشاركة الأجهزة: {hosts} مع {partners}",
}
_JOINED_BY = {"en": ", ", "zh-Hans": "、", "ar": "، "}


def write_agreements(institutions: dict[str, Institution], people: People, at: datetime) -> None:
    """Put the agreements into force, so that their quotas are granted, and begin the projects under them."""
    for reference, terms in _TERMS.items():
        draft = _draft(reference, terms, institutions, at.year)
        create_agreement(draft, by=people.programme, at=at)
        activate_agreement(reference, by=people.programme, at=at)
    members = people.applicants | {"kaznu": people.researcher}
    for reference, (agreement, field, keys, titles) in _PROJECTS.items():
        _write_project(reference, agreement, field, [members[key] for key in keys], titles, at)
    db.session.flush()
    period = (date(at.year, 1, 1), date(at.year + 1, 12, 31))
    allocate("DP-02", AllocationDraft(200 * 60, *period), by=people.programme, at=at)


def qualify(people: People, instruments: dict[str, Instrument], at: datetime) -> None:
    """Train every applicant who is going to use an instrument that asks for it."""
    for instrument in instruments.values():
        level = Level(instrument.qualification)
        if level == Level.NONE:
            continue
        for key in ("belgrade", "um", "cairo", "nsu"):
            grant_qualification(people.applicants[key], instrument, level, by=people.manager, at=at)


def _draft(
    reference: str, terms: _Terms, institutions: dict[str, Institution], year: int
) -> AgreementDraft:
    share = terms.hours * 2 // 3 * 60
    return AgreementDraft(
        reference=reference,
        titles={
            tag: text.format(
                hosts=_JOINED_BY[tag].join(institutions[key].names[tag] for key in terms.hosts),
                partners=_JOINED_BY[tag].join(
                    institutions[key].names[tag] for key in terms.partners
                ),
            )
            for tag, text in _TITLES.items()
        },
        hosts=terms.hosts,
        partners=dict.fromkeys(terms.partners, share),
        valid_from=date(year - 1, 1, 1),
        valid_until=date(year + 2, 12, 31),
        yearly_minutes=terms.hours * 60,
        facilities=terms.facilities,
        discounts=terms.discounts,
        carry_rule=CarryRule.PERCENT,
        carry_amount=10,
    )


def _write_project(
    reference: str,
    agreement: str,
    field: str,
    members: list[Person],
    titles: dict[str, str],
    at: datetime,
) -> None:
    db.session.add(
        Project(
            reference=reference,
            kind="joint_project",
            titles=titles,
            agreement=db.session.query(Agreement).filter_by(reference=agreement).one(),
            field=field,
            lead=members[0],
            members=members,
            ends_on=date(at.year + 2, 12, 31),
        )
    )
