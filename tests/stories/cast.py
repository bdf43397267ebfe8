"""Who takes part when a university joins, what they have in hand, and what several steps have in common."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from instrument_share.settings import Settings
from tests.support.applications import Applications

from .conftest import Installation
from .post import Appointment, Post, link_in, text_of
from .somebody import PASSWORD, House, Somebody
from .stage import NAMES, Stage, enter, set_stage

SHANGHAI = ZoneInfo("Asia/Shanghai")
TWO_HOURS = timedelta(hours=2)
ROR, WRONG_ROR = "https://ror.org/03q0vrn42", "https://ror.org/03q0vrn43"
INSTITUTION = {
    "en": "Al-Farabi Kazakh National University",
    "zh-Hans": "哈萨克斯坦国立法拉比大学",
    "ar": "جامعة الفارابي الوطنية الكازاخية",
}
#: The language of the guests -> that of the staff, and those of the letter.
STAFF_READ = {"en": "zh-Hans", "zh-Hans": "ar", "ar": "en"}
LETTER_IN = {"en": "en", "zh-Hans": "zh-Hans+en", "ar": "ar+en"}
CODE = re.compile(r"(?:[0-9A-Z]{4}-){6}[0-9A-Z]{4}")


@dataclass
class Story:
    """Who takes part, what came by post, and how far it is."""

    post: Post
    stage: Stage
    aigerim: Somebody  # of the university that joins
    dana: Somebody  # her colleague
    manager: Somebody
    safety: Somebody
    office: Somebody
    deputy: Somebody  # of the international office
    programme: Somebody
    starts_at: datetime
    calendar: Appointment = field(default_factory=Appointment)  # in Dana's telephone
    reference: str = ""

    @property
    def instrument(self) -> dict[str, str]:
        """The instrument's name as Dana reads it, for subjects."""
        return {"instrument": NAMES[self.dana.language]}


def cast_of(here: Installation, rooms: House, applications: Applications, language: str) -> Story:
    """The staff by rows; two people who have no account yet."""
    at, staff_read = datetime.now(UTC), STAFF_READ[language]
    with applications.lent(Settings.from_environment(here.environ)) as app:
        stage = set_stage(app, staff_read, at)
    day = (at + timedelta(days=10)).astimezone(SHANGHAI)
    staff = {
        name: enter(rooms, name, staff_read) for name in ("manager", "safety", "office", "deputy")
    }
    return Story(
        post=Post(Path(here.environ["INSTRUMENT_SHARE_INSTANCE_DIR"]) / "mail"),
        stage=stage,
        aigerim=rooms.somebody("Aigerim Nur", "aigerim@kaznu.kz", language),
        dana=rooms.somebody("Dana Omar", "dana@example.org", language),
        programme=enter(rooms, "programme", staff_read, stage.second_factor),
        starts_at=day.replace(hour=10, minute=0, second=0, microsecond=0).astimezone(UTC),
        **staff,
    )


def sign_up(story: Story, who: Somebody, institution: str) -> None:
    """Make an account, read the mail, open its link and confirm."""
    who.open(f"/sign-up?lang={who.language}")
    who.write(display_name=who.name, email=who.email, password=PASSWORD, language=who.language)
    who.write(time_zone="Asia/Almaty")
    if institution:
        (option,) = who.find(f"option[value^='{institution}']").all()
        who.write(institution=option.get_attribute("value") or "")
    who.press("form:has(#field-password) .button--primary")
    mail = story.post.of(who, "Confirm your e-mail address")
    who.open(link_in(text_of(mail), "/verify-mail/"))
    who.press("form[action*='/verify-mail/'] .button--primary")
    who.reads_own_language()


def is_asked_to_decide(story: Story, decider: Somebody) -> None:
    mail = story.post.of(
        decider, "Your decision is needed: %(instrument)s", instrument=NAMES[decider.language]
    )
    assert story.dana.name in text_of(mail)


def host_in(language: str) -> str:
    return {"zh-Hans": "湖畔大学"}.get(language, "Lakeside University")
