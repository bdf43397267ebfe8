"""What the tests of sign-in through a provider share: the way there and back, and what it left behind."""

from __future__ import annotations

import dataclasses
import html
import re

from sqlalchemy import select

from instrument_share.foundation.clock import now
from instrument_share.identity.models import AuditEntry
from instrument_share.identity.openid.models import OpenidIdentity
from instrument_share.notification.models import Message

PASSWORD = "correct horse battery"
MAIL = "aigerim@uni.example"
ALICE = {"email": MAIL, "email_verified": True, "name": "Aigerim S."}
FORM = {"display_name": "Айгерим", "language": "en", "time_zone": "Asia/Almaty", "agreed": "1"}


def depart(client, path="/sign-in/with/campus", **form):
    """Where the provider's page is, by the page that leads there."""
    page = client.post(path, data=form)
    assert page.status_code == 200, page.text[:500]
    return html.unescape(re.search(r'content="0; url=([^"]+)"', page.text)[1])


def come_back(client, provider, path="/sign-in/with/campus", subject="alice", **form):
    """There and back; the answer of our site."""
    return client.get(provider.authorize(depart(client, path, **form), subject))


def actions(session):
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.sequence)))


def reasons(session):
    """Why sign-ins came to nothing, by the trail."""
    query = select(AuditEntry).where(AuditEntry.action == "openid.refused")
    return [each.details["why"] for each in session.scalars(query.order_by(AuditEntry.sequence))]


def known(session, provider, person):
    """The provider's alice is this person."""
    identity = OpenidIdentity(
        issuer=provider.url, subject="alice", person=person, email=MAIL, linked_at=now()
    )
    session.add(identity)
    session.commit()
    return identity


def kinds_told(session):
    return list(session.scalars(select(Message.kind).order_by(Message.id)))


def is_let_in(client):
    return client.get("/account").status_code == 200


def offer(app, *providers):
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = dataclasses.replace(settings, oidc_providers=providers)
