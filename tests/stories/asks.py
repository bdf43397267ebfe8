"""How the colleague asks for time, and how three offices decide."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import expect

from .cast import SHANGHAI, TWO_HOURS, Story, is_asked_to_decide
from .post import link_in, text_of
from .stage import SLUG


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
    is_asked_to_decide(story, manager)
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
        is_asked_to_decide(story, decider)
        decider.open("/approvals")
        decider.press(f"[id='{story.reference}'] [data-desk-approve]")
    mail = story.post.of(story.dana, "Confirmed: %(instrument)s", **story.instrument)
    story.calendar.take(mail)
    assert story.calendar.status == "CONFIRMED"
    story.dana.open(f"/bookings/{story.reference}")
    expect(story.dana.find("#approval")).to_contain_text(story.deputy.name)
