"""One scene, at one moment; and a transport that only remembers."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine

from tests.support.scene import Scene, make_scene


@pytest.fixture(autouse=True)
def present(present: time_machine.Traveller) -> time_machine.Traveller:
    return present


@pytest.fixture
def scene(session: object) -> Scene:
    return make_scene()


@dataclass
class Remembering:
    """Remembers mails; raises `trouble` instead, where there is one."""

    mails: list[EmailMessage] = field(default_factory=list)
    trouble: Exception | None = None

    def send(self, mail: EmailMessage) -> None:
        if self.trouble:
            raise self.trouble
        self.mails.append(mail)


@pytest.fixture
def post() -> Any:
    return Remembering()
