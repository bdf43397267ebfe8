"""The catalogue's code lists. Their labels, translated, are in `catalogue.labels`."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

#: No instrument can be set to longer bookings.
LONGEST_BOOKING = timedelta(days=31)


class ResearchField(StrEnum):
    """The twelve research fields of the action plan 教技〔2018〕12号."""

    AGRICULTURE = "agriculture"
    ENERGY = "energy"
    TRANSPORT = "transport"
    INFORMATION_COMMUNICATION = "information_communication"
    RESOURCES = "resources"
    ENVIRONMENT = "environment"
    OCEAN = "ocean"
    ADVANCED_MANUFACTURING = "advanced_manufacturing"
    NEW_MATERIALS = "new_materials"
    AEROSPACE = "aerospace"
    MEDICINE_HEALTH = "medicine_health"
    DISASTER_PREVENTION = "disaster_prevention"


class AccessMode(StrEnum):
    ON_SITE = "on_site"
    REMOTE = "remote"
    MAIL_IN = "mail_in"
    DATA = "data"


class InstrumentStatus(StrEnum):
    """`restricted` instruments are shown and booked by those who are eligible; the last two cannot be booked."""

    IN_SERVICE = "in_service"
    RESTRICTED = "restricted"
    OUT_OF_SERVICE = "out_of_service"
    RETIRED = "retired"


class FacilityKind(StrEnum):
    NATIONAL_FACILITY = "national_facility"
    SHARED_CENTRE = "shared_centre"
    JOINT_LABORATORY = "joint_laboratory"
    RESEARCH_VESSEL = "research_vessel"
    FIELD_STATION = "field_station"
    COMPUTING_CENTRE = "computing_centre"


class SafetyClass(StrEnum):
    """What a safety officer looks after before an instrument is used."""

    NONE = "none"
    CHEMICAL = "chemical"
    BIOSAFETY = "biosafety"
    RADIATION = "radiation"
    LASER = "laser"
    CRYOGENIC = "cryogenic"
    HIGH_FIELD = "high_field"


BOOKABLE = frozenset({InstrumentStatus.IN_SERVICE, InstrumentStatus.RESTRICTED})


def slot_faults(granularity: int, shortest: int, longest: int) -> dict[str, str]:
    """What is wrong with the lengths that can be booked (minutes): field -> `order` or `grid`."""
    faults: dict[str, str] = {}
    if shortest % granularity:
        faults["shortest_minutes"] = "grid"
    if longest % granularity:
        faults["longest_minutes"] = "grid"
    elif longest < shortest:
        faults["longest_minutes"] = "order"
    return faults


class ExceptionKind(StrEnum):
    """What a stretch of time beyond the weekly hours is: closed, open besides, or blocked for a purpose."""

    CLOSURE = "closure"
    OPENING = "opening"
    BLOCKING = "blocking"
