"""A university joins, and a colleague from there comes: from the first mail to the feedback, in three languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.applications import Applications
from tests.support.databases import Databases, environment
from tests.support.later import Clock

from . import asks, comes, joins
from .cast import TWO_HOURS, cast_of
from .conftest import Installation
from .somebody import House, house


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
        joins.she_signs_up_and_confirms_her_mail(story)
        joins.she_applies_for_her_university(story)
        joins.the_programme_admits_it(story)
        joins.her_colleague_signs_up_and_is_vouched_for(story)
        joins.the_colleague_asks_for_a_place_in_the_training(story)
        joins.the_colleague_is_screened(story)

        here.clock.move_to(story.stage.training_ends)
        joins.the_trainer_marks_who_passed(story)
        asks.the_colleague_books_under_the_agreement(story)
        asks.the_manager_asks_for_changes_and_gets_them(story)
        asks.somebody_stands_in_for_the_international_office(story)
        asks.three_offices_approve(story)
        comes.the_colleague_gets_the_letter(story)
        comes.anybody_tells_a_forged_letter(story, rooms)

        here.clock.move_to(story.starts_at)
        comes.the_colleague_comes_and_starts_at_the_instrument(story)

        here.clock.move_to(story.starts_at + TWO_HOURS)
        comes.the_colleague_finishes_at_the_instrument(story)
        comes.the_colleague_gives_feedback_and_the_manager_reads_it(story)
