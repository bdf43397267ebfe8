"""Tables of people, institutions, role grants, API tokens and the audit trail."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..foundation.database import Code, Json, Key, UtcDateTime, check_codes, db
from ..foundation.localized import LocalizedText, in_language
from .called import PersonName
from .rules import SCOPE_KINDS, InstitutionKind, Role, Verification


class Institution(db.Model):
    """A university or research organisation: a host of instruments, a partner, or both."""

    __tablename__ = "institution"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    names: Mapped[LocalizedText] = mapped_column(Json)
    ror: Mapped[str | None] = mapped_column(String(40), unique=True)
    country: Mapped[str] = mapped_column(String(2))  # ISO 3166-1 alpha-2
    time_zone: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(Code)
    mail_domains: Mapped[list[str]] = mapped_column(Json, default=list)
    website: Mapped[str] = mapped_column(String(300), default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"))
    #: Another one, never given before, whenever rules change that the host made for its instruments (see
    #: `booking.policies.in_force`); None while it made none.
    policies_mark: Mapped[str | None] = mapped_column(String(40))

    __table_args__ = (check_codes("kind", InstitutionKind),)

    @property
    def is_host(self) -> bool:
        return self.kind in ("host", "both")

    def name(self, tag: str) -> str:
        return in_language(self.names, tag)


class Person(db.Model):
    """Somebody with an account. `session_serial` rises when all of their sessions must end."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)  # stored folded to lower case
    display_name: Mapped[str] = mapped_column(PersonName(200))
    latin_name: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(20))
    time_zone: Mapped[str] = mapped_column(String(60))
    orcid: Mapped[str | None] = mapped_column(String(19), unique=True)
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"), index=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    verification: Mapped[str] = mapped_column(Code)
    mail_verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    suspended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # for good; suspended, too
    desk_keys: Mapped[bool] = mapped_column(default=True, server_default=true())
    second_factor_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # since when it is on
    session_serial: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    institution: Mapped[Institution | None] = relationship()
    grants: Mapped[list[RoleGrant]] = relationship(
        back_populates="person", foreign_keys="RoleGrant.person_id"
    )

    __table_args__ = (check_codes("verification", Verification),)

    # what flask-login asks of a user
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        return self.suspended_at is None

    def get_id(self) -> str:
        return str(self.id)


class RoleGrant(db.Model):
    """`person` has `role` within a scope, from one day to another (both inclusive, either open)."""

    __tablename__ = "role_grant"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(Code)
    scope_kind: Mapped[str] = mapped_column(Code)
    scope_id: Mapped[int | None]  # None for the programme
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(back_populates="grants", foreign_keys=[person_id])

    __table_args__ = (
        check_codes("role", Role),
        UniqueConstraint("person_id", "role", "scope_kind", "scope_id"),
        Index(
            "uq_role_grant_programme",
            "person_id",
            "role",
            "scope_kind",
            unique=True,
            sqlite_where=text("scope_id IS NULL"),
            postgresql_where=text("scope_id IS NULL"),
        ),
        Index("ix_role_grant_role_scope", "role", "scope_kind", "scope_id"),
        check_codes("scope_kind", SCOPE_KINDS),
        CheckConstraint("(scope_kind = 'programme') = (scope_id IS NULL)", name="scope_id"),
    )


class Deputy(db.Model):
    """`deputy` may do what one role of `person` may, or all of them (`grant_id` None), from day to day.

    The days are the person's own, both inclusive: `[starts_at, ends_at)` is what they are in the zone that the person
    lived in when they said so.
    """

    __tablename__ = "deputy"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    deputy_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    grant_id: Mapped[int | None] = mapped_column(ForeignKey("role_grant.id", ondelete="CASCADE"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    time_zone: Mapped[str] = mapped_column(String(60))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    named_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    deputy: Mapped[Person] = relationship(foreign_keys=[deputy_id])
    grant: Mapped[RoleGrant | None] = relationship()

    __table_args__ = (
        Index("ix_deputy_deputy_id_ends_at", "deputy_id", "ends_at"),
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint("person_id <> deputy_id", name="other"),
    )


class ApiToken(db.Model):
    """A bearer token, of which only the SHA-256 is kept."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    label: Mapped[str] = mapped_column(String(100))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()


class IdempotencyKey(db.Model):
    """The first answer to a POST that named an `Idempotency-Key`, for the same person to get again."""

    __tablename__ = "idempotency_key"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))  # SHA-256 of method, path and body
    answer: Mapped[dict[str, Any] | None] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AuditEntry(db.Model):
    """One fact that happened; append-only (the database refuses change), chained by hash."""

    __tablename__ = "audit_entry"

    sequence: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None]  # no foreign key: the trail outlives what it tells of
    action: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(Code)
    subject_id: Mapped[str] = mapped_column(String(60))
    details: Mapped[dict[str, Any]] = mapped_column(Json)
    request_id: Mapped[str] = mapped_column(String(40), default="")
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (Index("ix_audit_entry_subject", "subject_kind", "subject_id", "sequence"),)


class AuditHead(db.Model):
    """The end of the chain, one row; locking it is what puts entries in order. A trigger moves it with each entry."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sequence: Mapped[int] = mapped_column(Key)
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (CheckConstraint("id = 1", name="single"),)


class WorkerSeen(db.Model):
    """A worker that runs, or ran, and when it last said so."""

    __tablename__ = "worker_seen"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
