"""What is remembered of the updates that went by, and no more."""

from making import update

from monitor.engine.memory.slots import Newest, Series, Steps

A, B, C = update(1, "delay", "a"), update(2, "delay", "b"), update(3, "delay", "c")


def test_only_the_newest_are_kept():
    slot = Newest(0, 2)
    cell = None
    for at, report in ((1, A), (2, B), (3, C)):
        cell = slot.add(cell, at, report, 1, None)
    assert cell == [[2, B.id], [3, C.id]]


def test_a_cell_is_replaced_and_never_changed():
    slot = Newest(0, 3)
    before = slot.add(None, 1, A, 1, None)
    slot.add(before, 2, B, 1, None)
    assert before == [[1, A.id]]


def walk(slot, *events):
    """Cells after (instant, update, mask) one by one, each instant seeing the one before."""
    cell = prior = None
    last = None
    for at, report, mask in events:
        if at != last:
            prior, last = cell, at
        cell = slot.add(cell, at, report, mask, prior)
    return cell


def test_a_sequence_takes_its_steps_in_order():
    slot = Steps((0, 1), None)
    assert walk(slot, (1, A, 0b10), (2, B, 0b01))[-1] is None
    assert walk(slot, (1, A, 0b01), (2, B, 0b10))[-1] == [1, [A.id, B.id]]


def test_two_reports_of_one_instant_are_no_sequence():
    assert walk(Steps((0, 1), None), (1, A, 0b01), (1, B, 0b10))[-1] is None


def test_one_report_is_not_two_steps():
    slot = Steps((0, 0), None)
    assert walk(slot, (1, A, 1))[-1] is None
    assert walk(slot, (1, A, 1), (2, B, 1))[-1] == [1, [A.id, B.id]]


def test_a_later_begin_still_ends_in_time():
    slot = Steps((0, 1), 5)
    assert walk(slot, (1, A, 0b01), (8, C, 0b10))[-1] is None
    assert walk(slot, (1, A, 0b01), (4, B, 0b01), (8, C, 0b10))[-1] == [4, [B.id, C.id]]


def test_a_series_keeps_the_last_two_and_what_its_window_needs():
    points = [update(n, "measurement", str(n), value=n) for n in range(5)]
    short, long = Series(0, 0), Series(0, 2)
    cells = [None, None]
    for at, report in enumerate(points):
        cells = [
            slot.add(c, at, report, 1, None) for slot, c in zip((short, long), cells, strict=True)
        ]
    assert [point[0] for point in cells[0]] == [3, 4]
    assert [point[0] for point in cells[1]] == [2, 3, 4]
    assert cells[0][-1][1] == 4_000_000


def test_a_report_without_a_value_is_no_point_of_a_series():
    assert Series(0, 0).add(None, 1, A, 1, None) is None
