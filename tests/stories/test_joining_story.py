"""A university joins, and a colleague from there comes: from the first mail to the feedback, in three languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
from playwright.sync_api import Browser, expect

from instrument_share.settings import Settings
from tests.support.applications import Applications
from tests.support.databases import Databases, environment
from tests.support.later import Clock

from .conftest import Installation
from .post import Appointment, Post, link_in, text_of
from .somebody import PASSWORD, House, Somebody, house
from .stage import NAMES, SLUG, Stage, enter, set_stage

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


@pytest.fixture
def here(databases: Databases, tmp_path: Path) -> Iterator[Installation]:
    """An installation on SQLite, whose worker writes mail into a folder."""
    with databases.fresh("sqlite", tmp_path) as database:
        environ = environment(database.url, tmp_path / "instance")
        yield Installation(environ, tmp_path, Clock(tmp_path))


@pytest.fixture
def rooms(browser: Browser) -> Iterator[House]:
    with house(browser) as rooms:
        yield rooms


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "zh-Hans", "ar"])
def test_a_university_joins_and_a_colleague_comes(
    here: Installation, rooms: House, applications: Applications, language: str
):
    story = cast_of(here, rooms, applications, language)
    with here.served() as server:
        rooms.site.url = server.url
        she_signs_up_and_confirms_her_mail(story)
        she_applies_for_her_university(story)
        the_programme_admits_it(story)
        her_colleague_signs_up_and_is_vouched_for(story)
        the_colleague_asks_for_a_place_in_the_training(story)
        the_colleague_is_screened(story)

        here.clock.move_to(story.stage.training_ends)
        the_trainer_marks_who_passed(story)
        the_colleague_books_under_the_agreement(story)
        the_manager_asks_for_changes_and_gets_them(story)
        somebody_stands_in_for_the_international_office(story)
        three_offices_approve(story)
        the_colleague_gets_the_letter(story)
        anybody_tells_a_forged_letter(story, rooms)

        here.clock.move_to(story.starts_at)
        the_colleague_comes_and_starts_at_the_instrument(story)

        here.clock.move_to(story.starts_at + TWO_HOURS)
        the_colleague_finishes_at_the_instrument(story)
        the_colleague_gives_feedback_and_the_manager_reads_it(story)


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


# --- joining --------------------------------------------------------------------------------------


def she_signs_up_and_confirms_her_mail(story: Story) -> None:
    _sign_up(story, story.aigerim, institution="")


def she_applies_for_her_university(story: Story) -> None:
    """She finds it by its ROR id; an id with wrong check digits is told at its field, and nothing is lost."""
    she = story.aigerim
    she.open("/join/institution")
    she.write(q=ROR)
    she.press("form[role=search]:has(#field-q) button")
    she.follow("a[href*='ror=']")
    expect(she.find("#field-mail_domains")).to_have_value("kaznu.kz kaznu.edu.kz")
    she.write(ror=WRONG_ROR, reason="We study catalysts and have no ion microscope.")
    she.press("#form .button--primary", refused=True)
    she.sees("#error-ror")
    she.write(ror=ROR)
    she.press("#form .button--primary")
    she.sees(".tag--attention")


def the_programme_admits_it(story: Story) -> None:
    """In the officer's own language, after a code of the second factor; she is told and is its liaison."""
    officer, she = story.programme, story.aigerim
    mail = story.post.of(
        officer, "%(institution)s asks to take part", institution=INSTITUTION[officer.language]
    )
    officer.sign_in()
    officer.open(link_in(text_of(mail), "/join/institution/"))
    officer.open("/manage/institutions")
    officer.follow("table a[href*='/join/institution/']")
    officer.press("form[action$='/admit'] .button--primary")
    mail = story.post.of(she, "%(institution)s takes part", institution=INSTITUTION[she.language])
    assert link_in(text_of(mail), "/")
    she.open("/manage/people")
    she.sees("a[href*='/manage/people/invitations']")  # a liaison's page


def her_colleague_signs_up_and_is_vouched_for(story: Story) -> None:
    """Her address says nothing about where she works, so the instrument's page sends her to her liaison."""
    dana, she = story.dana, story.aigerim
    _sign_up(story, dana, institution="al-farabi")
    dana.open(f"/instruments/{SLUG}")
    expect(dana.find("#eligibility .is-open")).to_have_count(3)
    dana.follow("#eligibility .is-open a[href*='/account/vouching']")
    dana.press("#vouching form .button--primary")
    mail = story.post.of(she, "Do you know %(applicant)s?", applicant=dana.name)
    she.open(link_in(text_of(mail), "/manage/people"))
    she.press("form[action$='/vouch'] .button--primary")
    dana.open(f"/instruments/{SLUG}")
    expect(dana.find("#eligibility .is-open")).to_have_count(2)


# --- what the instrument asks for -----------------------------------------------------------------


def the_colleague_asks_for_a_place_in_the_training(story: Story) -> None:
    dana = story.dana
    dana.follow("#eligibility .is-open a[href*='/training']")
    dana.follow(f"a[href*='/training/{story.stage.training}']")
    dana.press("#place form .button--primary")
    story.post.of(
        dana, "You have a place: training for %(subject)s", subject=story.instrument["instrument"]
    )


def the_colleague_is_screened(story: Story) -> None:
    """An answer needs the safety officer's decision, who reads the reason for it."""
    dana, officer = story.dana, story.safety
    dana.open(f"/instruments/{SLUG}")
    dana.follow("#eligibility .is-open a[href*='/screening/']")
    dana.choose(**{"answer-agents": "yes", "answer-gmo": "no", "answer-inactivated": "yes"})
    dana.write(**{"detail-agents": "Fixed cells of risk group 2"})
    dana.press("form[action*='/screening/'] .button--primary")
    mail = story.post.of(
        officer, "A screening waits for your decision: %(applicant)s", applicant=dana.name
    )
    officer.sign_in()
    officer.open(link_in(text_of(mail), "/manage/screening"))
    if not officer.find("#decision").count():
        officer.follow("table a[href*='/manage/screening/']")
    expect(officer.find("#answers")).to_contain_text("Fixed cells of risk group 2")
    officer.press("#decision button[value=approve]")
    story.post.of(dana, "Your screening is cleared: %(host)s", host=_host(dana.language))


def the_trainer_marks_who_passed(story: Story) -> None:
    manager, dana = story.manager, story.dana
    manager.sign_in()
    manager.open(f"/manage/training/{story.stage.training}")
    manager.page.check("main #seats input[value=passed]")
    manager.press("#seats form .button--primary")
    story.post.of(dana, "You are qualified: %(instrument)s", **story.instrument)
    dana.sign_in()
    dana.open(f"/instruments/{SLUG}")
    expect(dana.find("#eligibility .is-open")).to_have_count(0)


# --- the booking ----------------------------------------------------------------------------------


def the_colleague_books_under_the_agreement(story: Story) -> None:
    dana, local = story.dana, story.starts_at.astimezone(SHANGHAI)
    dana.open(f"/instruments/{SLUG}/book")
    dana.choose(zone="instrument")
    dana.write(day=local.strftime("%Y-%m-%d"), start=local.strftime("%H:%M"))
    dana.write(end=(local + TWO_HOURS).strftime("%H:%M"), purpose="Catalysts")
    dana.choose(access_mode="on_site")
    dana.write(agreement=story.stage.agreement)
    dana.press("#request button[value=send]:not([tabindex='-1'])")
    story.reference = urlsplit(dana.page.url).path.rsplit("/", 1)[1]
    mail = story.post.of(dana, "Request received: %(instrument)s", **story.instrument)
    event = story.calendar.take(mail)
    assert (event.start, event.end) == (story.starts_at, story.starts_at + TWO_HOURS)
    assert story.calendar.status == "TENTATIVE"


def the_manager_asks_for_changes_and_gets_them(story: Story) -> None:
    manager, dana, reference = story.manager, story.dana, story.reference
    _is_asked_to_decide(story, manager)
    manager.open("/approvals")
    manager.find(f"[id='{reference}'] details[data-desk-refuse] summary").click()
    manager.page.fill(f"[id='comment-{reference}']", "Which catalysts?")
    manager.press(f"[id='{reference}'] button[formaction*='/request-changes']")
    mail = story.post.of(dana, "Changes requested: %(instrument)s", **story.instrument)
    assert "Which catalysts?" in text_of(mail)
    story.calendar.take(mail)
    dana.open(link_in(text_of(mail), "/bookings/"))
    dana.open(f"/bookings/{reference}/edit")
    dana.write(purpose="Catalysts of palladium on carbon")
    dana.press("#request button[value=send]:not([tabindex='-1'])")
    mail = story.post.of(dana, "Request received: %(instrument)s", **story.instrument)
    story.calendar.take(mail)


def somebody_stands_in_for_the_international_office(story: Story) -> None:
    office, deputy = story.office, story.deputy
    office.sign_in()
    office.open("/account/deputies")
    last = office.find("#field-first_day").input_value()
    office.write(email=deputy.email, last_day=last)
    office.press("#name form .button--primary")
    story.post.of(deputy, "You stand in for %(person)s", person=office.name)


def three_offices_approve(story: Story) -> None:
    """One after the other, each in the queue of approvals; the last one is the deputy."""
    for each in (story.safety, story.deputy):
        each.sign_in()
    for decider in (story.manager, story.safety, story.deputy):
        _is_asked_to_decide(story, decider)
        decider.open("/approvals")
        decider.press(f"[id='{story.reference}'] [data-desk-approve]")
    mail = story.post.of(story.dana, "Confirmed: %(instrument)s", **story.instrument)
    story.calendar.take(mail)
    assert story.calendar.status == "CONFIRMED"
    story.dana.open(f"/bookings/{story.reference}")
    expect(story.dana.find("#approval")).to_contain_text(story.deputy.name)


# --- the visit ------------------------------------------------------------------------------------


def the_colleague_gets_the_letter(story: Story) -> None:
    dana, deputy, reference = story.dana, story.deputy, story.reference
    day = story.starts_at.astimezone(SHANGHAI).strftime("%Y-%m-%d")
    dana.open(f"/bookings/{reference}/visit")
    dana.write(
        arrives_on=day, departs_on=day, name_1=dana.name, latin_name_1=dana.name,
        institution_1=INSTITUTION["en"], country_1="KZ", role_1="researcher",
    )  # fmt: skip
    dana.press("form[action$='/visit'] .button--primary")
    dana.write(languages=LETTER_IN[dana.language])
    dana.press("form[action$='/letter'] button")
    story.post.of(deputy, "A letter of invitation is asked for: %(reference)s", reference=reference)
    deputy.open(f"/bookings/{reference}")
    deputy.press("form[action$='/letters'] button")
    dana.open(f"/bookings/{reference}")
    number = dana.find("#visit a[download]").inner_text()
    story.post.of(dana, "Your letter of invitation is issued: %(detail)s", detail=number)


def anybody_tells_a_forged_letter(story: Story, rooms: House) -> None:
    """Who holds the paper checks its code without an account; one letter changed, and there is no such letter."""
    dana = story.dana
    with dana.page.expect_download() as coming:
        dana.find("#visit a[download]").click()
    page = pypdfium2.PdfDocument(coming.value.path())[0].get_textpage().get_text_range()
    found = CODE.search(page)
    assert found, page
    assert dana.name in page
    code = found[0]
    forged = code[:-1] + ("7" if code[-1] != "7" else "8")
    border = rooms.somebody("An officer at the border", "", "en")
    border.open("/letters/verify")
    border.write(code=code)
    border.press("form:has(#field-code) button")
    border.sees(".notice--success")
    assert dana.name not in border.find("").inner_text()
    border.write(code=forged)
    border.press("form:has(#field-code) button", refused=True)


def the_colleague_comes_and_starts_at_the_instrument(story: Story) -> None:
    """By the page that the label's QR code opens."""
    dana = story.dana
    dana.sign_in()
    dana.open(f"/at/{SLUG}")
    dana.press(f"form[action$='/at/{SLUG}/start'] button")


def the_colleague_finishes_at_the_instrument(story: Story) -> None:
    dana = story.dana
    dana.open(f"/at/{SLUG}")
    dana.press(f"form[action$='/at/{SLUG}/finish'] button")
    mail = story.post.of(dana, "Finished: %(instrument)s", **story.instrument)
    assert story.reference in text_of(mail)


def the_colleague_gives_feedback_and_the_manager_reads_it(story: Story) -> None:
    dana, manager = story.dana, story.manager
    dana.open(f"/bookings/{story.reference}")
    dana.follow("#afterwards a")
    dana.choose(instrument="5", support="4", booking_itself="5")
    dana.write(text="Kind people, a cold room.")
    dana.press("#feedback form button")
    manager.sign_in()
    manager.open(f"/bookings/{story.reference}/afterwards")
    expect(manager.find("#feedback")).to_contain_text("Kind people, a cold room.")


# --- parts of several steps -----------------------------------------------------------------------


def _sign_up(story: Story, who: Somebody, institution: str) -> None:
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


def _is_asked_to_decide(story: Story, decider: Somebody) -> None:
    mail = story.post.of(
        decider, "Your decision is needed: %(instrument)s", instrument=NAMES[decider.language]
    )
    assert story.dana.name in text_of(mail)


def _host(language: str) -> str:
    return {"zh-Hans": "湖畔大学"}.get(language, "Lakeside University")
