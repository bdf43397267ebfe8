"""The words for the catalogue's codes, in the reader's language."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

from .rules import AccessMode, FacilityKind, InstrumentStatus, ResearchField, SafetyClass

FIELDS: dict[str, LazyString] = {
    ResearchField.AGRICULTURE: lazy_gettext("Agriculture"),
    ResearchField.ENERGY: lazy_gettext("Energy"),
    ResearchField.TRANSPORT: lazy_gettext("Transport"),
    ResearchField.INFORMATION_COMMUNICATION: lazy_gettext("Information and communication"),
    ResearchField.RESOURCES: lazy_gettext("Resources"),
    ResearchField.ENVIRONMENT: lazy_gettext("Environment"),
    ResearchField.OCEAN: lazy_gettext("Ocean"),
    ResearchField.ADVANCED_MANUFACTURING: lazy_gettext("Advanced manufacturing"),
    ResearchField.NEW_MATERIALS: lazy_gettext("New materials"),
    ResearchField.AEROSPACE: lazy_gettext("Aerospace"),
    ResearchField.MEDICINE_HEALTH: lazy_gettext("Medicine and health"),
    ResearchField.DISASTER_PREVENTION: lazy_gettext("Disaster prevention"),
}
MODES: dict[str, LazyString] = {
    AccessMode.ON_SITE: lazy_gettext("On-site"),
    AccessMode.REMOTE: lazy_gettext("Remote"),
    AccessMode.MAIL_IN: lazy_gettext("Mail-in"),
    AccessMode.DATA: lazy_gettext("Data"),
}
STATUSES: dict[str, LazyString] = {
    InstrumentStatus.IN_SERVICE: lazy_gettext("In service"),
    InstrumentStatus.RESTRICTED: lazy_gettext("Restricted"),
    InstrumentStatus.OUT_OF_SERVICE: lazy_gettext("Out of service"),
    InstrumentStatus.RETIRED: lazy_gettext("Retired"),
}
FACILITY_KINDS: dict[str, LazyString] = {
    FacilityKind.NATIONAL_FACILITY: lazy_gettext("National facility"),
    FacilityKind.SHARED_CENTRE: lazy_gettext("Shared centre"),
    FacilityKind.JOINT_LABORATORY: lazy_gettext("Joint laboratory"),
    FacilityKind.RESEARCH_VESSEL: lazy_gettext("Research vessel"),
    FacilityKind.FIELD_STATION: lazy_gettext("Field station"),
    FacilityKind.COMPUTING_CENTRE: lazy_gettext("Computing centre"),
}
SAFETY_CLASSES: dict[str, LazyString] = {
    SafetyClass.NONE: lazy_gettext("No particular hazard"),
    SafetyClass.CHEMICAL: lazy_gettext("Chemical hazard"),
    SafetyClass.BIOSAFETY: lazy_gettext("Biosafety"),
    SafetyClass.RADIATION: lazy_gettext("Ionising radiation"),
    SafetyClass.LASER: lazy_gettext("Laser radiation"),
    SafetyClass.CRYOGENIC: lazy_gettext("Cryogenic hazard"),
    SafetyClass.HIGH_FIELD: lazy_gettext("Strong magnetic field"),
}
