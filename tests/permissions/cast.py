"""Everybody who may ask for something: the people of one booking, and their likes from elsewhere."""

from __future__ import annotations

from instrument_share.catalogue.models import Facility
from instrument_share.identity.models import Institution, Person
from instrument_share.identity.rules import PROGRAMME, Role, Scope
from tests.support.builders import grant, make_facility, make_institution, make_person, make_staff
from tests.support.scene import Scene

#: The letters of the table.
CAST = {
    "v": "visitor",
    "a": "applicant",
    "c": "colleague of the applicant",
    "l": "liaison of the applicant's institution",
    "m": "facility manager",
    "o": "operator",
    "s": "safety officer",
    "i": "international office of the host",
    "h": "administrator of the host alone",
    "p": "programme officer",
    "A": "administrator of the site",
    "X": "researcher elsewhere",
    "L": "liaison elsewhere",
    "M": "facility manager elsewhere",
    "O": "operator elsewhere",
    "S": "safety officer elsewhere",
    "I": "international office elsewhere",
    "H": "administrator of another host",
}


def cast_of(scene: Scene) -> dict[str, Person | None]:
    """A person for every letter; None is the visitor."""
    facility, elsewhere = scene.instrument.facility, make_facility()
    home = scene.applicant.institution
    assert home is not None
    return {
        "v": None,
        "a": scene.applicant,
        "c": make_person(home),
        "l": _with(Role.LIAISON, home),
        "m": scene.manager,
        "o": scene.operator,
        "i": scene.office,
        **_staff(facility, {"s": Role.SAFETY_OFFICER}),
        "h": _with(Role.ADMINISTRATOR, facility.host),
        "p": _overseer(Role.PROGRAMME_OFFICER, facility.host),
        "A": _overseer(Role.ADMINISTRATOR, facility.host),
        "X": make_person(make_institution()),
        "L": _with(Role.LIAISON, make_institution()),
        **_staff(
            elsewhere,
            {"M": Role.FACILITY_MANAGER, "O": Role.OPERATOR, "S": Role.SAFETY_OFFICER},
        ),
        "I": _with(Role.INTERNATIONAL_OFFICE, elsewhere.host),
        "H": _with(Role.ADMINISTRATOR, elsewhere.host),
    }


def people_of(scene: Scene) -> dict[str, Person]:
    """All of the cast but the visitor."""
    return {letter: person for letter, person in cast_of(scene).items() if person is not None}


def _staff(facility: Facility, roles: dict[str, Role]) -> dict[str, Person]:
    return {letter: make_staff(role, facility) for letter, role in roles.items()}


def _with(role: Role, institution: Institution) -> Person:
    person = make_person(institution)
    grant(person, role, Scope("institution", institution.id))
    return person


def _overseer(role: Role, home: Institution) -> Person:
    person = make_person(home)
    grant(person, role, PROGRAMME)
    return person
