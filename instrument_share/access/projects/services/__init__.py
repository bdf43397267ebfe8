"""Projects are begun and changed, people come and go, and time is allocated."""

from .allocating import allocate, change_allocation
from .awarding import award_project
from .beginning import change_project, create_project
from .members import answer_invitation, answer_request, ask_to_join, invite, remove_member

__all__ = [
    "allocate",
    "answer_invitation",
    "answer_request",
    "ask_to_join",
    "award_project",
    "change_allocation",
    "change_project",
    "create_project",
    "invite",
    "remove_member",
]
