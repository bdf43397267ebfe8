"""A microscope whose page and management are looked at."""

from __future__ import annotations

import pytest

from instrument_share.access import hearers as access
from instrument_share.catalogue import panels
from instrument_share.catalogue.search_index import index_instruments
from instrument_share.identity.rules import Role

from ..support import signing
from ..support.builders import make_facility, make_host, make_instrument, make_staff, make_technique


@pytest.fixture
def only_access_has_a_panel(app, monkeypatch) -> None:
    """Panels of the floors above are theirs to test."""
    monkeypatch.setattr(panels, "_panels", {})
    access.connect()


@pytest.fixture
def tem(session):
    facility = make_facility(
        make_host(slug="thu", names={"en": "Tsinghua", "zh-Hans": "清华大学", "ar": "تسينغهوا"}),
        slug="centre",
        names={"en": "Centre of microscopy", "zh-Hans": "电镜中心", "ar": "مركز المجهر"},
    )
    instrument = make_instrument(
        facility,
        slug="tem",
        names={"en": "Electron microscope", "zh-Hans": "电子显微镜", "ar": "مجهر إلكتروني"},
        specification={"en": "Line one\n\nLine <two>"},
        sample_requirements={"en": "Thin and dry"},
        techniques=[make_technique("tem", en="Microscopy")],
        modes=["on_site", "remote"],
        manufacturer="JEOL",
    )
    index_instruments()
    return instrument


@pytest.fixture
def sign_in(client):
    def sign_in(person):
        signing.sign_in(client, person)
        return person

    return sign_in


@pytest.fixture
def manager(tem, sign_in):
    return sign_in(make_staff(Role.FACILITY_MANAGER, tem.facility))
