"""Random dates, spans and dates that are due (`coarse`: whole days, UTC)."""

from drawing import CALENDARS, FIRST, SPAN, among, between, maybe, shared
from hypothesis import strategies as st

from monitor.domain.calendar import PLAIN
from monitor.domain.due import After, Move, Unit, parse_span
from monitor.domain.recurring import Periods, Recurring
from monitor.domain.time import DAY, format_date, format_instant, parse_occurred


@shared
def dates(zone, coarse, low=-10, high=SPAN):
    """Occurred values of all precisions (`coarse`: whole days, UTC)."""
    days = between(low, high).map(lambda n: FIRST + n * DAY)
    whole = days.map(lambda at: parse_occurred(format_date(at, "UTC")))
    rough = among(("2025", "2025-01", "2025-02", "2025-03")).map(parse_occurred)
    usual = st.one_of(whole, whole, whole, whole, whole, rough)
    if coarse:
        return usual
    moments = between(FIRST + low * DAY, FIRST + high * DAY)
    offset = moments.map(lambda at: parse_occurred(format_instant(at, zone)))
    naive = moments.map(lambda at: parse_occurred(format_instant(at, "UTC")[:19]))
    return usual | usual | offset | naive


@shared
def spans(coarse):
    texts = ("1d", "9 days", "2w", "1 month", "3 working days", "8 working days")
    return among(texts if coarse else (*texts, "36h", "100h")).map(parse_span)


@shared
def recurrences(coarse):
    """Every so often from a day on, for ever or until some day after the first date of them."""
    first = dates("UTC", coarse, low=-5, high=8)
    until = between(70, 150).map(lambda n: parse_occurred(format_date(FIRST + n * DAY, "UTC")))
    every = among(("9 days", "2w", "1 month")).map(parse_span)
    made = st.builds(Recurring, every, st.none() | first, st.none() | until)
    return made.filter(lambda found: Periods(found, FIRST, "UTC").any)  # as the language asks


@shared
def moved(zone, coarse):
    """What a rulebook tells of moves; mostly nothing."""
    move = st.builds(
        Move, dates(zone, coarse, low=1), dates(zone, coarse, low=-3), st.just("the ministry")
    )
    return st.just(()) | st.just(()) | st.lists(move, min_size=1, max_size=2).map(tuple)


@shared
@st.composite
def dues(draw, zone, coarse, milestones=()):
    """A date, or so long after a date, after the start or after one of the milestones."""
    form = draw(among(("date", "date", "date", "after", "milestone")))
    if form == "date" or (form == "milestone" and not milestones):
        return draw(dates(zone, coarse, low=1))
    span = draw(spans(coarse))
    calendar = PLAIN
    if span.unit is Unit.WORKING_DAY:
        calendar = draw(among((PLAIN, *CALENDARS)))
    if form == "milestone":
        return After(span, draw(among(milestones)), calendar=calendar)
    return After(span, date=draw(maybe(dates(zone, coarse, low=0))), calendar=calendar)
