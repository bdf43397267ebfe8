"""How the university and the colleague are let in, and what the instrument asks of her."""

from __future__ import annotations

from playwright.sync_api import expect

from .cast import INSTITUTION, ROR, WRONG_ROR, Story, host_in, sign_up
from .post import link_in, text_of
from .stage import SLUG


def she_signs_up_and_confirms_her_mail(story: Story) -> None:
    sign_up(story, story.aigerim, institution="")


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
    sign_up(story, dana, institution="al-farabi")
    dana.open(f"/instruments/{SLUG}")
    expect(dana.find("#eligibility .is-open")).to_have_count(3)
    dana.follow("#eligibility .is-open a[href*='/account/vouching']")
    dana.press("#vouching form .button--primary")
    mail = story.post.of(she, "Do you know %(applicant)s?", applicant=dana.name)
    she.open(link_in(text_of(mail), "/manage/people"))
    she.press("form[action$='/vouch'] .button--primary")
    story.post.of(dana, "%(institution)s vouches for you", institution=INSTITUTION[dana.language])
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
    story.post.of(dana, "Your screening is cleared: %(host)s", host=host_in(dana.language))


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
