"""How many commitments of an agreement and of a theme stand how."""

from types import SimpleNamespace

from monitor.domain.assessment import Status
from monitor.services.views.totals import RULE, totals, totals_body


def one(theme, status, agreement="pact", **more):
    fields = {"roll_up": None, "per_party": None, "part_of": None} | more
    commitment = SimpleNamespace(agreement=agreement, theme=theme, **fields)
    assessment = SimpleNamespace(status=status)
    return SimpleNamespace(commitment=commitment, standing=SimpleNamespace(assessment=assessment))


STANDS = [
    one("growth", Status.STALLED),
    one("growth", Status.DELIVERED),
    one(None, Status.STALLED),
    one("growth", Status.AT_RISK, roll_up="of others"),
    one("growth", Status.ADVANCING, roll_up="of its parts", per_party="all"),
    one("growth", Status.OVERDUE, part_of="pact/whole"),
    one("peace", Status.NOT_RATED, agreement="other"),
]


def test_each_commitment_counts_once_in_its_agreement_and_in_its_theme():
    rows = [(t.agreement, t.theme, t.n, dict(t.headlines)) for t in totals(STANDS)]
    growth = {Status.DELIVERED: 1, Status.STALLED: 1, Status.ADVANCING: 1}
    assert rows == [
        ("pact", None, 4, growth | {Status.STALLED: 2}),
        ("pact", "growth", 3, growth),
        ("other", None, 1, {Status.NOT_RATED: 1}),
        ("other", "peace", 1, {Status.NOT_RATED: 1}),
    ]


def test_the_counting_rule_stands_beside_the_numbers():
    body = totals_body(STANDS)
    assert body["rule"] == RULE
    assert body["of"][1] == {
        "agreement": "pact",
        "theme": "growth",
        "n": 3,
        "headlines": {"delivered": 1, "stalled": 1, "advancing": 1},
    }
