"""Which deliveries may go side by side, and in which turn."""

from types import SimpleNamespace

from monitor.domain.delivery import Delivery, DeliveryState, Outbound
from monitor.services.delivery.lines import line_up


def waiting(id_, receiver, commitment, agreement="jp-kr", opening=None):
    delivery = Delivery(id_, f"a{id_}", receiver, DeliveryState.PENDING, 0, 0, 0)
    first, *others = [
        SimpleNamespace(id=f"a{id_}", commitment=key, agreement=agreement, opening=opening)
        for key in (commitment if isinstance(commitment, tuple) else (commitment,))
    ]
    return Outbound(delivery, first, tuple(others))


def ids(lines):
    return [[outbound.delivery.id for outbound in line] for line in lines]


def test_a_line_is_one_commitment_at_one_receiver_the_older_first():
    claimed = [
        waiting(4, "desk", "jp-kr/energy"),
        waiting(1, "desk", "jp-kr/energy"),
        waiting(2, "wire", "jp-kr/energy"),
        waiting(3, "desk", "jp-kr/ai"),
    ]
    assert sorted(ids(line_up(claimed))) == [[1, 4], [2], [3]]


def test_alerts_about_whole_agreements_make_a_line_for_each():
    claimed = [waiting(1, "desk", None), waiting(2, "desk", None), waiting(3, "desk", None, "g7")]
    assert sorted(ids(line_up(claimed))) == [[1, 2], [3]]


def test_the_receivers_take_turns():
    slow = [waiting(n, "slow", f"jp-kr/c{n}") for n in range(1, 6)]
    assert ids(line_up([*slow, waiting(9, "quick", "jp-kr/c1")]))[:3] == [[1], [9], [2]]


def test_nothing_makes_no_lines():
    assert line_up([]) == []


def test_a_message_about_several_commitments_joins_their_lines():
    claimed = [
        waiting(1, "desk", "jp-kr/energy"),
        waiting(2, "desk", "jp-kr/ai"),
        waiting(3, "desk", ("jp-kr/energy", "jp-kr/ai")),
        waiting(4, "desk", "jp-kr/ai"),
        waiting(5, "desk", "jp-kr/else"),
        waiting(6, "wire", ("jp-kr/ai", "jp-kr/else")),
    ]
    assert sorted(ids(line_up(claimed))) == [[1, 2, 3, 4], [5], [6]]


def test_what_follows_an_alert_about_a_whole_agreement_joins_its_line():
    claimed = [
        waiting(1, "desk", None),
        waiting(2, "desk", "jp-kr/energy", opening="a1"),
        waiting(3, "desk", "jp-kr/ai"),
        waiting(4, "wire", "jp-kr/energy", opening="a1"),
        waiting(5, "wire", "jp-kr/ai", opening="a1"),
    ]
    assert sorted(ids(line_up(claimed))) == [[1, 2], [3], [4], [5]]
