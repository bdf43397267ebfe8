"""Every page and call of the house, mounted. CSRF guards the pages; the API takes bearer tokens for writing."""

from __future__ import annotations

from importlib import import_module

from flask import Flask
from flask_smorest import Api

from .security import csrf

#: Rooms that have pages (`views.blueprint`) and JSON calls (`api.blueprint`).
PAGES = (
    "identity",
    "identity.applications",
    "identity.second_factor",
    "identity.openid",
    "identity.sessions",
    "identity.invitations",
    "identity.own_data",
    "identity.vouching",
    "catalogue",
    "access.agreements",
    "access.agreements.documents",
    "access.calls",
    "access.calls.deciding",
    "access.calls.proposing",
    "access.calls.reviewing",
    "access.projects",
    "access.shares",
    "access.roles",
    "access.eligibility",
    "access.screening",
    "access.training",
    "booking",
    "booking.afterwards",
    "booking.at_instrument",
    "booking.closing",
    "booking.conversation",
    "booking.data_products",
    "booking.letters",
    "booking.remote",
    "booking.samples",
    "booking.policies",
    "booking.series",
    "booking.visits",
    "booking.waiting",
    "accounting",
    "schedule",
    "reporting",
    "notification",
    "notification.digests",
)
CALLS = (
    "identity",
    "identity.invitations",
    "catalogue",
    "access",
    "access.agreements",
    "access.agreements.documents",
    "access.calls",
    "access.calls.deciding",
    "access.calls.reviewing",
    "access.projects",
    "access.screening",
    "access.training",
    "booking",
    "booking.afterwards",
    "booking.at_instrument",
    "booking.closing",
    "booking.conversation",
    "booking.policies",
    "booking.letters",
    "booking.samples",
    "booking.series",
    "booking.visits",
    "booking.waiting",
    "accounting",
    "schedule",
    "reporting",
    "notification",
)

#: Pages that a mail program posts to by itself: what they take is proved by the address.
WITHOUT_FORM = ("instrument_share.notification.digests.views.unsubscribe",)


def init_app(app: Flask, api: Api) -> None:
    for room in PAGES:
        app.register_blueprint(import_module(f"instrument_share.{room}.views").blueprint)
    for view in WITHOUT_FORM:
        csrf.exempt(view)
    for room in CALLS:
        blueprint = import_module(f"instrument_share.{room}.api").blueprint
        csrf.exempt(blueprint)
        api.register_blueprint(blueprint)
    from . import help_pages, managing

    app.register_blueprint(help_pages.blueprint)
    app.register_blueprint(managing.blueprint)
