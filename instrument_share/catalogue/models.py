"""Tables of facilities, instruments, when they are open, and how they are classified."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    FetchedValue,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..foundation.database import Base, Code, Json, Key, UtcDateTime, check_codes, db
from ..foundation.interval import Interval
from ..foundation.localized import LocalizedText, in_language
from ..identity.models import Institution
from .rules import (
    AccessMode,
    ExceptionKind,
    FacilityKind,
    InstrumentStatus,
    ResearchField,
    SafetyClass,
)

#: Codes of access.rules.Level and access.screening.rules.ScreeningClass, which stand on a floor above.
_LEVELS = ("none", "supervised", "independent")
_SCREENING_CLASSES = (
    "none", "export_control", "biosafety", "human_genetic_resources", "radiation", "data_transfer",
)  # fmt: skip

facility_co_builder = Table(
    "facility_co_builder",
    Base.metadata,
    Column("facility_id", ForeignKey("facility.id", ondelete="CASCADE"), primary_key=True),
    Column("institution_id", ForeignKey("institution.id"), primary_key=True),
)

instrument_technique = Table(
    "instrument_technique",
    Base.metadata,
    Column("instrument_id", ForeignKey("instrument.id", ondelete="CASCADE"), primary_key=True),
    Column("technique_code", ForeignKey("technique.code"), primary_key=True, index=True),
)


class Facility(db.Model):
    """A place with instruments: national facility, shared centre, vessel, station …"""

    __tablename__ = "facility"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    host_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), index=True)
    kind: Mapped[str] = mapped_column(Code)
    names: Mapped[LocalizedText] = mapped_column(Json)
    descriptions: Mapped[LocalizedText] = mapped_column(Json, default=dict)
    place: Mapped[LocalizedText] = mapped_column(Json, default=dict)
    #: the big-science programme it belongs to
    programme: Mapped[LocalizedText] = mapped_column(Json, default=dict)
    time_zone: Mapped[str] = mapped_column(String(60))
    website: Mapped[str] = mapped_column(String(300), default="")
    #: co-builders own a share of its time
    shared: Mapped[bool] = mapped_column(default=False, server_default=false())

    host: Mapped[Institution] = relationship()
    co_builders: Mapped[list[Institution]] = relationship(secondary=facility_co_builder)
    instruments: Mapped[list[Instrument]] = relationship(
        back_populates="facility", order_by="Instrument.slug"
    )

    __table_args__ = (check_codes("kind", FacilityKind),)

    def name(self, tag: str) -> str:
        return in_language(self.names, tag)


class Technique(db.Model):
    """A kind of measurement or treatment, as researchers search for it."""

    __tablename__ = "technique"

    code: Mapped[str] = mapped_column(String(80), primary_key=True)
    names: Mapped[LocalizedText] = mapped_column(Json)


class Instrument(db.Model):
    """What is booked. Its slot rules are minutes; its opening hours are wall time in the facility's zone.

    `opening`: `{"mon": ["08:30-18:00"], …}`; `24:00` ends a day. `open_to`: `{"kind": …}`, one of
    `access.eligibility.rules.OpenKind`, and beside it what that kind names: `"countries": ["KZ"]`, or ids under
    `"institutions"` or `"projects"`.
    """

    __tablename__ = "instrument"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    pid: Mapped[str | None] = mapped_column(String(200), unique=True)  # DOI or Handle
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    names: Mapped[LocalizedText] = mapped_column(Json)
    summary: Mapped[LocalizedText] = mapped_column(Json, default=dict)
    specification: Mapped[LocalizedText] = mapped_column(Json, default=dict)
    sample_requirements: Mapped[LocalizedText] = mapped_column(Json, default=dict)
    manufacturer: Mapped[str] = mapped_column(String(200), default="")
    model: Mapped[str] = mapped_column(String(200), default="")
    commissioned_year: Mapped[int | None]
    acquisition_value_minor: Mapped[int | None] = mapped_column(Key)
    acquisition_currency: Mapped[str | None] = mapped_column(String(3))
    class_code: Mapped[str] = mapped_column(String(20), default="")
    class_label: Mapped[LocalizedText] = mapped_column(Json, default=dict)
    variables: Mapped[list[str]] = mapped_column(Json, default=list)  # measured variables
    symbol: Mapped[str] = mapped_column(Code)  # its drawing in static/img/symbols.svg
    source: Mapped[str] = mapped_column(String(300), default="")  # where the facts can be checked
    status: Mapped[str] = mapped_column(Code, default=InstrumentStatus.IN_SERVICE)

    positions: Mapped[int] = mapped_column(default=1)
    #: by place; those without one are numbered
    position_names: Mapped[list[LocalizedText]] = mapped_column(Json, default=list)
    granularity_minutes: Mapped[int] = mapped_column(default=30)
    shortest_minutes: Mapped[int] = mapped_column(default=60)
    longest_minutes: Mapped[int] = mapped_column(default=480)
    setup_minutes: Mapped[int] = mapped_column(default=0)
    teardown_minutes: Mapped[int] = mapped_column(default=0)
    lead_minutes: Mapped[int] = mapped_column(default=0)
    horizon_days: Mapped[int] = mapped_column(default=90)
    #: later than this before the start is late
    cancellation_minutes: Mapped[int] = mapped_column(default=1440)
    grace_minutes: Mapped[int | None]  # so late is nobody waited for; None: managers mark no-shows
    opening: Mapped[dict[str, list[str]]] = mapped_column(Json, default=dict)
    #: whose public holidays it keeps: `CN`, `DE-BY`; None: they are days like others
    holiday_territory: Mapped[str | None] = mapped_column(String(10))
    #: the hours on those; none: closed
    holiday_opening: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    #: Equal where the times are equal but for zone, bookings and exceptions. The database makes it.
    slot_key: Mapped[str | None] = mapped_column(
        Text, FetchedValue(), server_onupdate=FetchedValue(), deferred=True
    )
    #: none | supervised | independent
    qualification: Mapped[str] = mapped_column(Code, default="none")
    validity_months: Mapped[int | None]  # how long a qualification holds; None: for good
    #: once with an operator present, before `independent`
    supervised_first_use: Mapped[bool] = mapped_column(default=False, server_default=false())
    safety_class: Mapped[str] = mapped_column(Code, default=SafetyClass.NONE)
    screening_class: Mapped[str] = mapped_column(Code, default="none", server_default="none")
    open_to: Mapped[dict[str, Any]] = mapped_column(Json, default=lambda: {"kind": "all"})
    version: Mapped[int] = mapped_column(default=1)

    facility: Mapped[Facility] = relationship(back_populates="instruments")
    techniques: Mapped[list[Technique]] = relationship(
        secondary=instrument_technique, order_by="Technique.code"
    )
    fields: Mapped[list[InstrumentField]] = relationship(
        cascade="all, delete-orphan", order_by="InstrumentField.field"
    )
    modes: Mapped[list[InstrumentMode]] = relationship(
        cascade="all, delete-orphan", order_by="InstrumentMode.mode"
    )

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        check_codes("safety_class", SafetyClass),
        check_codes("qualification", _LEVELS),
        check_codes("screening_class", _SCREENING_CLASSES),
        check_codes("status", InstrumentStatus),
        Index("ix_instrument_slot_key", "slot_key", "facility_id", "status", "id"),
        CheckConstraint("positions BETWEEN 1 AND 50", name="positions"),
        CheckConstraint("granularity_minutes BETWEEN 1 AND 1440", name="granularity"),
        CheckConstraint(
            "0 < shortest_minutes AND shortest_minutes <= longest_minutes", name="length"
        ),
        CheckConstraint("grace_minutes >= 0", name="grace"),
        CheckConstraint(
            "setup_minutes >= 0 AND teardown_minutes >= 0 AND lead_minutes >= 0", name="margins"
        ),
    )

    def name(self, tag: str) -> str:
        return in_language(self.names, tag)

    @property
    def time_zone(self) -> str:
        return self.facility.time_zone

    @property
    def access_modes(self) -> list[str]:
        return [row.mode for row in self.modes]


class InstrumentField(db.Model):
    """One of the action plan's twelve research fields that an instrument serves."""

    __tablename__ = "instrument_field"

    instrument_id: Mapped[int] = mapped_column(
        ForeignKey("instrument.id", ondelete="CASCADE"), primary_key=True
    )
    field: Mapped[str] = mapped_column(Code, primary_key=True, index=True)

    __table_args__ = (check_codes("field", ResearchField),)


class InstrumentMode(db.Model):
    """A way in which an instrument can be used: on_site, remote, mail_in, data."""

    __tablename__ = "instrument_mode"

    instrument_id: Mapped[int] = mapped_column(
        ForeignKey("instrument.id", ondelete="CASCADE"), primary_key=True
    )
    mode: Mapped[str] = mapped_column(Code, primary_key=True, index=True)

    __table_args__ = (check_codes("mode", AccessMode),)


class OpeningException(db.Model):
    """A stretch of time in which an instrument is closed, open beyond its weekly hours, or blocked for a purpose.

    `open_to` names who may still book inside a blocking, by ids: `{"institutions": [3], "agreements": [],
    "projects": [], "people": [7]}`; `release_minutes` before its start what is left of it is open to all.
    `until_lifted`: nobody knows the end yet; `ends_at` is then as far as anybody can book. Rows of one weekly plan
    share `series`.
    """

    __tablename__ = "opening_exception"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(Code)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    title: Mapped[LocalizedText] = mapped_column(Json, default=dict)  # the purpose, for all
    reason: Mapped[LocalizedText] = mapped_column(Json, default=dict)
    sudden: Mapped[bool] = mapped_column(default=False)
    open_to: Mapped[dict[str, list[int]]] = mapped_column(Json, default=dict)
    release_minutes: Mapped[int | None]
    until_lifted: Mapped[bool] = mapped_column(default=False)
    series: Mapped[str | None] = mapped_column(String(20))
    outside_calendar_id: Mapped[int | None] = mapped_column(
        ForeignKey("outside_calendar.id", ondelete="CASCADE"), index=True
    )
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    instrument: Mapped[Instrument] = relationship()

    __table_args__ = (
        Index("ix_opening_exception_when", "instrument_id", "ends_at"),
        Index("ix_opening_exception_ends", "ends_at", "starts_at", "instrument_id"),
        check_codes("kind", ExceptionKind),
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint("release_minutes >= 0", name="release"),
    )

    @property
    def slot(self) -> Interval:
        return Interval(self.starts_at, self.ends_at)

    def is_released(self, at: datetime) -> bool:
        """Whether what is left of it is open to all at the moment `at`."""
        if self.release_minutes is None:
            return False
        return at >= self.starts_at - timedelta(minutes=self.release_minutes)
