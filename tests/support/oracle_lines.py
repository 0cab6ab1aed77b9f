"""The oracle's reading of the straight lines of indicators, and of the seconds they give meaning to."""

from fractions import Fraction

from oracle_time import DAY, fixed_end

from monitor.domain import condition as ask


def line_of(commitment, indicator):
    """(begin, end) of the straight line from baseline to target; None where there is none."""
    if indicator.baseline is None or indicator.target in (None, indicator.baseline):
        return None
    due = indicator.target_date
    if due is None and getattr(commitment.deadline, "milestone", None) is None:
        due = commitment.deadline
    begin = commitment.start
    if indicator.baseline_date is not None:
        begin = indicator.baseline_date.start("UTC")
    until = fixed_end(due, commitment.start)
    return None if until is None or until <= begin else (begin, until)


def passing(line, indicator, value, percent):
    """When the line, or so many percent of it, is where a value is; in fractions of a second."""
    begin, until = line
    way = Fraction(value - indicator.baseline) / Fraction(indicator.target - indicator.baseline)
    return begin + (until - begin) * way * 100 / Fraction(percent)


def leaves(condition):
    """The atoms of a condition."""
    parts = getattr(condition, "of", None)
    if isinstance(condition, ask.Not):
        return leaves(parts)
    if isinstance(condition, ask.All | ask.Any):
        return [leaf for part in parts for leaf in leaves(part)]
    return [condition]


def seconds_of_day(commitments, reports):
    """The seconds of the day at which a pace that is asked for could turn, for any value told."""
    found = set()
    for commitment in commitments:
        conditions = [c for rule in commitment.rules for c in (rule.when, rule.recover) if c]
        tests = [a for c in conditions for a in leaves(c) if isinstance(a, ask.IndicatorTest)]
        for test in tests:
            indicator = next(i for i in commitment.indicators if i.id == test.indicator)
            line = line_of(commitment, indicator)
            if test.pace is None or line is None:
                continue
            bounds = (test.pace.at_least, test.pace.at_most, test.pace.above, test.pace.below)
            values = {u.value for u in reports if u.indicator == indicator.id} - {None}
            turns = [passing(line, indicator, v, p) for v in values for p in bounds if p]
            found |= {(int(t) + n) % DAY for t in turns if line[0] <= t <= line[1] for n in (0, 1)}
    return found
