"""Typed values that faces hand to the services of roles."""

from __future__ import annotations

from dataclasses import dataclass

from ...identity.rules import Role
from ...identity.values import Days


@dataclass(frozen=True, slots=True)
class RoleRequest:
    """Somebody, by mail address, is to hold a role on some days."""

    email: str
    role: Role
    days: Days
