"""Keeping, changing and removing saved replies, and saying them to an applicant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from ....catalogue.queries import facility_by_slug
from ....foundation.database import db
from ....foundation.errors import NotFound, StaleVersion
from ....foundation.localized import LocalizedText
from ....identity import audit
from ....identity.models import Person
from .errors import ReplyTitleTaken
from .models import SavedReply
from .queries import may_decide_at, reply_for


@dataclass(frozen=True, slots=True)
class ReplyTexts:
    """What a saved reply is called, and what it says by language."""

    title: str
    texts: LocalizedText


@dataclass(frozen=True, slots=True)
class Words:
    """What a decider says: what they typed, and a saved reply after it in the applicant's language."""

    typed: str = ""
    reply: SavedReply | None = None

    def to(self, language: str) -> str:
        """The whole comment for an applicant who reads `language`."""
        said = (self.typed.strip(), self.reply.said_in(language) if self.reply else "")
        return "\n\n".join(part for part in said if part)


def words_of(typed: str, reply_id: int | None, by: Person) -> Words:
    """What the decider says. Raises NotFound where the saved reply is not theirs to use."""
    return Words(typed, reply_for(by, reply_id) if reply_id else None)


def keep_reply(facility_slug: str, wanted: ReplyTexts, *, by: Person, at: datetime) -> SavedReply:
    """Keep a reply for a facility. Raises NotFound, ReplyTitleTaken."""
    facility = facility_by_slug(facility_slug)
    if not may_decide_at(by, facility):
        raise NotFound()
    _check_title_free(facility.id, wanted.title)
    reply = SavedReply(facility=facility, facility_id=facility.id)
    _write(reply, wanted, by, at)
    db.session.add(reply)
    db.session.flush()
    audit.record("reply.keep", "saved_reply", reply.id, by=by.id, at=at)
    return reply


def change_reply(
    reply_id: int, wanted: ReplyTexts, *, by: Person, at: datetime, version: int
) -> SavedReply:
    """Change what a reply says. Raises NotFound, StaleVersion, ReplyTitleTaken."""
    reply = reply_for(by, reply_id)
    if reply.version != version:
        raise StaleVersion()
    if reply.title != wanted.title:
        _check_title_free(reply.facility_id, wanted.title)
    _write(reply, wanted, by, at)
    db.session.flush()
    audit.record("reply.change", "saved_reply", reply.id, by=by.id, at=at)
    return reply


def remove_reply(reply_id: int, *, by: Person, at: datetime) -> None:
    """Remove a reply; what was said with it stays said. Raises NotFound."""
    db.session.delete(reply_for(by, reply_id))
    audit.record("reply.remove", "saved_reply", reply_id, by=by.id, at=at)
    db.session.flush()


def _write(reply: SavedReply, wanted: ReplyTexts, by: Person, at: datetime) -> None:
    reply.title, reply.texts = wanted.title, wanted.texts
    reply.changed_by_id, reply.changed_at = by.id, at


def _check_title_free(facility_id: int, title: str) -> None:
    taken = select(SavedReply.id).where(
        SavedReply.facility_id == facility_id, SavedReply.title == title
    )
    if db.session.scalar(taken) is not None:
        raise ReplyTitleTaken()
