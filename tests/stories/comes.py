"""The visit: the letter and its forgery, the work at the instrument, and what is said afterwards."""

from __future__ import annotations

import pypdfium2
from playwright.sync_api import expect

from .cast import CODE, INSTITUTION, LETTER_IN, SHANGHAI, Story
from .post import text_of
from .somebody import House
from .stage import SLUG


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
