"""Where a call stands in time, how reviews rank proposals, and that hours are never more than there are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from instrument_share.access.calls.rules import (
    CallState,
    Interests,
    Tie,
    Timetable,
    fit_criteria,
    fits,
    is_extension,
    ranked,
    standing,
    state_of,
    tie_between,
    weighted_mean,
)

ZERO = datetime(2026, 3, 1, tzinfo=UTC)
ORDER = list(CallState)
CRITERIA = (1, 2, 3)
SCORES = st.fixed_dictionaries({each: st.integers(1, 5) for each in CRITERIA})
WEIGHTS = st.fixed_dictionaries({each: st.integers(1, 100) for each in CRITERIA})
REVIEWS = st.lists(SCORES, max_size=5)
MOMENTS = st.integers(-50, 400).map(lambda hours: ZERO + timedelta(hours=hours))


@st.composite
def calls(draw):
    """Times in order, and perhaps when it was announced and decided."""
    hours = sorted(draw(st.sets(st.integers(0, 200), min_size=3, max_size=3)))
    times = Timetable(*(ZERO + timedelta(hours=each) for each in hours))
    announced = draw(st.none() | MOMENTS.filter(lambda at: at < times.closes_at))
    decided = announced and draw(st.none() | MOMENTS.filter(lambda at: at >= times.closes_at))
    return times, {"announced_at": announced, "decided_at": decided}


@given(calls(), MOMENTS, MOMENTS)
def test_a_call_only_moves_on(call, one, other):
    times, facts = call
    early, late = sorted((one, other))
    states = [ORDER.index(state_of(times, at, **facts)) for at in (early, late)]
    assert states == sorted(states)


@given(calls())
def test_it_opens_at_its_first_instant_and_is_closed_at_its_last(call):
    times, facts = call
    announced = facts["announced_at"]
    second = timedelta(seconds=1)
    assert times.is_in_order()
    if announced and announced < times.opens_at:
        assert state_of(times, times.opens_at - second, **facts) == CallState.ANNOUNCED
    if announced and announced <= times.opens_at:
        assert state_of(times, times.opens_at, **facts) == CallState.OPEN
    if announced and announced <= times.closes_at - second:
        assert state_of(times, times.closes_at - second, **facts) == CallState.OPEN
    assert state_of(times, times.closes_at, **facts) != CallState.OPEN


@given(calls(), st.integers(-5, 50), st.integers(-5, 50), MOMENTS)
def test_more_time_never_closes_or_reopens_a_call(call, longer, later, at):
    times, facts = call
    closes = times.closes_at + timedelta(hours=longer)
    wanted = Timetable(times.opens_at, closes, times.review_until + timedelta(hours=later))
    assert is_extension(times, times, at)
    if is_extension(times, wanted, at):
        assert state_of(wanted, at, **facts) == state_of(times, at, **facts)
        assert longer >= 0 <= later
        assert longer == 0 or at < times.closes_at


@given(REVIEWS, WEIGHTS, st.randoms(), st.integers(1, 9))
def test_reviews_count_alike_in_any_order_and_weights_only_by_proportion(
    reviews, weights, random, factor
):
    expected = standing(reviews, weights)
    shuffled = random.sample(reviews, len(reviews))
    assert standing(shuffled, weights) == expected
    larger = {each: weight * factor for each, weight in weights.items()}
    assert standing(reviews, larger) == expected


@given(SCORES, WEIGHTS)
def test_a_mean_lies_between_the_worst_and_the_best_score(scores, weights):
    assert min(scores.values()) <= weighted_mean(scores, weights) <= max(scores.values())


@given(st.dictionaries(st.text(min_size=1, max_size=4), REVIEWS, max_size=6), WEIGHTS)
def test_the_ranking_is_one_order_with_unreviewed_proposals_last(proposals, weights):
    standings = {key: standing(reviews, weights) for key, reviews in proposals.items()}
    order = ranked(standings)
    assert sorted(order) == sorted(proposals)
    assert order == ranked(dict(reversed(standings.items())))
    means = [standings[each].mean for each in order]
    known = [mean for mean in means if mean is not None]
    assert means == sorted(known, reverse=True) + [None] * (len(means) - len(known))


@given(st.lists(st.integers(-3, 60), max_size=6), st.integers(0, 120))
def test_hours_fit_or_they_are_too_many(granted, total):
    assert fits(granted, total) == (sum(granted) <= total and min(granted, default=0) >= 0)


def test_scores_are_for_criteria_and_nothing_else():
    for scores in ({1: 5, 2: 1}, {1: 5}, {}):
        assert fit_criteria(scores, [1, 2])
    for scores in ({1: 5, 2: 6}, {2: 0}, {1: 5, 2: 1, 3: 1}):
        assert not fit_criteria(scores, [1, 2])


def test_what_ties_a_reviewer_to_a_proposal():
    reviewer = Interests(1, 10, frozenset({7}))
    stranger = Interests(2, 20, frozenset({8}))
    table = {
        (): None,
        (stranger,): None,
        (stranger, Interests(3, 10)): Tie.INSTITUTION,
        (Interests(3, None, frozenset({7, 8})),): Tie.PROJECT,
        (Interests(3, 10, frozenset({7})), stranger): Tie.INSTITUTION,
        (stranger, Interests(1, 20)): Tie.OWN,
    }
    for proposers, tie in table.items():
        assert tie_between(reviewer, proposers) == tie
    assert tie_between(Interests(1), [Interests(2)]) is None  # of no institution, both
