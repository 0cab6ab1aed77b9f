"""The pace of an indicator turns in exactly the second in which the line passes its value.

The engine steps from turn to turn; here every second that could matter is looked at, in fractions.
"""

from decimal import Decimal
from fractions import Fraction

from drawing import FIRST, SPAN, effort
from hypothesis import assume, given
from hypothesis import strategies as st
from ledger import engine_of, from_nothing
from making import AT_RISK, book, rule, update

from monitor.domain import condition as ask
from monitor.domain.assessment import Standing
from monitor.domain.commitment import Indicator, Thresholds
from monitor.domain.time import DAY, format_date, format_instant, parse_occurred

FAR = Thresholds(3000 * DAY, 3001 * DAY, 3002 * DAY, 10 * DAY)
TENTHS = st.integers(-40, 40).map(lambda n: Decimal(n) / 10)
BOUND = st.sampled_from(("at_least", "at_most", "above", "below"))
PERCENT = st.integers(0, 2000).map(lambda n: Decimal(n) / 10)


def holds(bound, percent, line, value, at):
    """Whether a value is so far along the line, and the line itself so far, at an instant."""
    begin, end, baseline, target = line
    way = Fraction(value - baseline) / Fraction(target - baseline)
    gone = Fraction(min(max(at - begin, 0), end - begin), end - begin)
    asked = Fraction(percent) / 100 * gone
    return {
        "at_least": way >= asked,
        "at_most": way <= asked,
        "above": way > asked,
        "below": way < asked,
    }[bound]


@effort(150, 3000)
@given(
    st.tuples(st.integers(-5, 10), st.integers(11, SPAN)),
    st.tuples(TENTHS, TENTHS),
    st.lists(st.tuples(st.integers(0, SPAN * 24), TENTHS), min_size=1, max_size=3),
    BOUND,
    PERCENT,
)
def test_a_pace_turns_in_the_second_in_which_the_line_passes(days, ends, reports, bound, percent):
    assume(ends[0] != ends[1])
    begin, end = (format_date(FIRST + n * DAY, "UTC") for n in days)
    series = Indicator(
        "v",
        "V",
        baseline=ends[0],
        target=ends[1],
        baseline_date=parse_occurred(begin),
        target_date=parse_occurred(end),
    )
    line = (FIRST + days[0] * DAY, FIRST + (days[1] + 1) * DAY, *ends)
    values = dict(sorted((FIRST + hour * 3600, value) for hour, value in reports))
    measured = [
        update(format_instant(at, "UTC"), "measurement", f"{at}", indicator="v", value=value)
        for at, value in values.items()
    ]
    condition = ask.IndicatorTest("v", pace=ask.Range(**{bound: percent}))
    watched = book(rule("r", condition, AT_RISK), thresholds=FAR, indicators=(series,))
    now = FIRST + (SPAN + 3) * DAY
    found = from_nothing(engine_of(watched), measured, (), now)["g0/c0"].transitions
    turns = {t.at: t.after.standing is Standing.AT_RISK for t in found}

    def said(at):
        return next((risky for turn, risky in reversed(turns.items()) if turn <= at), False)

    def expected(at):
        latest = [value for when, value in values.items() if when <= at]
        return bool(latest) and holds(bound, percent, line, latest[-1], at)

    asked = {*turns, *values, line[0], line[1], now, *range(FIRST, now, 7919)}
    for at in sorted({at + near for at in asked for near in (-1, 0, 1)}):
        if FIRST <= at <= now:
            assert said(at) == expected(at), format_instant(at, "UTC")
