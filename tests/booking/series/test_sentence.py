"""Recurrence rules as people say them."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask_babel import force_locale

from instrument_share.booking.series.sentence import sentence_of
from tests.support.marks import sqlite_only

FIRST = datetime(2026, 3, 10, 9)  # a Tuesday

SENTENCES = {
    "FREQ=DAILY;COUNT=1": "every day, 1 time",
    "FREQ=DAILY;INTERVAL=3;COUNT=4": "every 3 days, 4 times",
    "FREQ=DAILY;BYDAY=MO,TU;COUNT=4": "every Monday and Tuesday, 4 times",
    "FREQ=WEEKLY;COUNT=10": "every week on Tuesday, 10 times",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH,MO;COUNT=10": "every 2 weeks on Monday and Thursday, 10 times",
    "FREQ=WEEKLY;BYMONTH=3,4;COUNT=4": "every week on Tuesday in March and April, 4 times",
    "FREQ=WEEKLY;UNTIL=20261231T155959Z": "every week on Tuesday, until Dec 31, 2026",
    "FREQ=WEEKLY;UNTIL=20261231T160000Z": "every week on Tuesday, until Jan 1, 2027",
    "FREQ=MONTHLY;COUNT=2": "every month on day 10, 2 times",
    "FREQ=MONTHLY;BYMONTHDAY=1,-1;COUNT=2": "every month on day 1 and the last day, 2 times",
    "FREQ=MONTHLY;BYMONTHDAY=-2;COUNT=2": "every month on day 2 from the end, 2 times",
    "FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU;COUNT=2": "every 2 months on the second Tuesday, 2 times",
    "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=2": "every month on every Friday that is day 13, 2 times",
    "FREQ=MONTHLY;BYDAY=-2FR;COUNT=2": (
        "every month on the Friday that is number 2 from the end, 2 times"
    ),
    "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1;COUNT=2": (
        "every month on every Monday and every Tuesday (of these number -1), 2 times"
    ),
    "FREQ=YEARLY;COUNT=2": "every year in March on day 10, 2 times",
}  # fmt: skip


@sqlite_only
def test_sentences(app):
    with app.test_request_context("/?lang=en"):
        for rule, sentence in SENTENCES.items():
            assert sentence_of(rule, FIRST, "Asia/Shanghai") == sentence, rule


@sqlite_only
@pytest.mark.parametrize(("language", "day"), [("zh_Hans", "星期二"), ("ar", "الثلاثاء")])
def test_days_have_their_names_in_the_readers_language(app, language, day):
    with app.test_request_context("/"), force_locale(language):
        assert day in sentence_of("FREQ=WEEKLY;COUNT=2", FIRST, "Asia/Shanghai")
