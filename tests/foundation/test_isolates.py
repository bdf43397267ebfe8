"""Sentences of a right-to-left language keep their direction, also inside others."""

from __future__ import annotations

from instrument_share.foundation.isolates import isolating


def test_a_sentence_without_letters_says_from_where_it_runs():
    assert isolating("%(time)s، %(zone)s") == "\u200f\u2068%(time)s\u2069، \u2068%(zone)s\u2069"
    assert isolating("قبل %(when)s") == "قبل \u2068%(when)s\u2069"
