"""The shipped rulebook: complete, quotable, explained, and its sources graded one by one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from monitor.domain.assessment import Level
from monitor.domain.basis import Basis
from monitor.domain.commitment import ConclusionKind
from monitor.domain.time import parse_occurred
from monitor.domain.update import Update
from monitor.engine.evidence.router import Router
from monitor.engine.evidence.tiers import Grader
from monitor.language.loader import load_rulebook

ROOT = Path(__file__).parents[2]
RULES = ROOT / "rules" / "jp-kr-tokyo-2025.yaml"
FEED = ROOT / "seeds" / "updates-2025-08_2026-02.jsonl"

EXPECTATIONS = {
    "apology",
    "denuclearisation",
    "lee-trump-meeting",
    "us-negotiations",
    "us-tariff-jp",
    "us-tariff-kr",
}
"""What the joint text does not promise: the article's claims, and an outcome of others."""

PLEDGES = {
    "artificial-intelligence",
    "clean-energy",
    "demographics",
    "disaster-preparedness",
    "forward-looking-partnership",
    "joint-statement",
    "north-korea-security",
    "us-ties",
}

TIERS = {
    "Korea.net": 1,
    "ROK Ministry of Foreign Affairs": 1,
    "The White House (whitehouse.gov)": 1,
    "AJP": 2,
    "Asia Business Daily": 2,
    "CNN/ANI via Lokmat Times": 2,
    "Chosun Ilbo": 2,
    "Chosun Ilbo (hearing previewed 2 Nov)": 2,
    "ChosunBiz": 2,
    "Etoday": 2,
    "Etoday Bravo": 2,
    "Japan Forward": 2,
    "Japan Press Weekly": 2,
    "Jiji Press (nippon.com)": 2,
    "KBS World": 2,
    "Korea Herald": 2,
    "Korea JoongAng Daily": 2,
    "News1": 2,
    "Newsis": 2,
    "Onetoone News (MOIS release)": 2,
    "ROK Ministry of Health via Seoul Shinmun": 2,
    "SBS": 2,
    "TV Chosun": 2,
    "Thompson Hine SmarTrade": 2,
    "Yomiuri (Japan News)": 2,
    "Yonhap": 2,
    "dpa-AFX": 2,
    "60s daily digest citing Korean/Japanese media"
    " (aggregator, GitHub vikiboss/60s-static-host)": 3,
    "CCTV (citing Korean media)": 3,
    "DeepNewz (digest)": 3,
    "Devdiscourse": 3,
    "Metaqsol": 3,
    "News On Japan": 3,
    "News1 Global": 3,
    "Particle News (digest)": 3,
    "United Daily (citing Kyodo)": 3,
    "VisaVerge": 3,
    "Xinhua via Namibia Daily News": 3,
    "author memory of MOFA notice; expansion itself reported by TV Chosun": 3,
    "foot-care.org news copy": 3,
    "mdfy.news (digest)": 3,
}

HISTORY = {
    "2025-08-23",  # two records: the positions inherited, the disputes left out
    "2025-08-24",
    "2025-09-04",
    "2025-09-13",
    "2025-10-10",
    "2025-10-17",
    "2025-11-21",
    "2025-12-11",
    "2025-12-15",
}
"""Days whose records of the shared subject are about history rather than about the partnership."""


@pytest.fixture(scope="module")
def rulebook():
    return load_rulebook([RULES])


@pytest.fixture(scope="module")
def agreement(rulebook):
    return rulebook.agreements[0]


@pytest.fixture(scope="module")
def commitments(agreement):
    return {commitment.id: commitment for commitment in agreement.commitments}


@pytest.fixture(scope="module")
def feed():
    return [_update(n, line) for n, line in enumerate(FEED.read_text("utf-8").splitlines())]


def _update(number, line):
    record = json.loads(line)
    return Update(
        f"u{number}",
        parse_occurred(record["occurred_at"]),
        0,
        record["kind"],
        record["title"],
        topics=(record["subject"],),
        source=record["source"],
        url=record["url"],
    )


def _normalised(text):
    return " ".join(text.split())


def test_every_commitment_is_either_pledged_or_merely_expected(commitments):
    basis = {name: commitment.basis for name, commitment in commitments.items()}
    assert {name for name, b in basis.items() if b is Basis.EXPECTATION} == EXPECTATIONS
    assert {name for name, b in basis.items() if b is Basis.PLEDGE} == PLEDGES


def test_every_quote_stands_in_the_article(commitments):
    article = _normalised((ROOT / "seeds" / "000_671e2ea46023a681.txt").read_text("utf-8"))
    missing = [c.id for c in commitments.values() if _normalised(c.quote) not in article]
    assert missing == []


def test_every_guideline_says_what_counts_and_what_does_not(commitments):
    for commitment in commitments.values():
        assert "None:" in commitment.guideline, commitment.id
        assert {"Full:", "Substantial:"} & set(commitment.guideline.split()), commitment.id


def test_every_rule_of_the_file_says_why_an_expert_would_defend_it(commitments):
    own = [
        (commitment.id, rule.id, rule.note)
        for commitment in commitments.values()
        for rule in commitment.rules
        if rule.where.file.endswith(RULES.name)
    ]
    assert len(own) > 60
    assert [(c, r) for c, r, note in own if not note] == []


def test_every_subject_of_the_feed_concerns_somebody(commitments, feed):
    watched = {topic for commitment in commitments.values() for topic in commitment.about.topics}
    assert {topic for update in feed for topic in update.topics} <= watched


def test_every_source_of_the_feed_is_graded_as_an_expert_graded_it(agreement, feed):
    grader = Grader(agreement.sources)
    assert {update.source: grader.tier(update) for update in feed} == TIERS


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ("The White House", "https://foot-care.org/copy-of-a-fact-sheet"),
        ("The White House", ""),
        ("mofa.go.kr", "https://mofa.go.kr.example.com/"),
        ("News1", "https://news1global.com/?p=1"),
        ("Particle News (digest)", "https://notchosun.com/1"),
        ("", "https://tvchosun.com/"),
    ],
)
def test_a_copy_does_not_borrow_the_grade_of_what_it_copies(agreement, feed, source, url):
    copied = feed[0]._replace(source=source, url=url)
    assert Grader(agreement.sources).tier(copied) == 3


def test_of_the_shared_subject_the_apology_hears_of_history_only(rulebook, feed):
    router = Router(rulebook)
    heard = {
        update.occurred.text
        for update in feed
        if any(key.endswith("/apology") for key, _ in router.route(update))
    }
    assert heard == HISTORY


def test_of_the_shared_subject_the_partnership_hears_everything(rulebook, feed):
    router = Router(rulebook)
    for update in feed:
        hears = any(key.endswith("/forward-looking-partnership") for key, _ in router.route(update))
        assert hears is ("relations-and-history" in update.topics), update.title


def test_each_country_has_a_tariff_reading_of_its_own(commitments):
    for name in ("us-tariff-jp", "us-tariff-kr"):
        (indicator,) = commitments[name].indicators
        assert (indicator.id, int(indicator.target), indicator.at_most) == (name, 15, True)


def test_a_rate_is_kept_and_never_finished(commitments):
    for name in ("us-tariff-jp", "us-tariff-kr"):
        for rule in commitments[name].rules:
            assert rule.then.kind is not ConclusionKind.DELIVER, rule.id
            assert rule.then.level is not Level.COMPLETE, rule.id


def test_only_facts_of_a_day_and_an_apology_can_be_delivered(commitments):
    delivering = {
        commitment.id
        for commitment in commitments.values()
        for rule in commitment.rules
        if rule.then.kind is ConclusionKind.DELIVER
    }
    assert delivering == {"apology", "joint-statement", "lee-trump-meeting"}


@pytest.mark.parametrize("day", ["2025-12-31", "2026-02-28"])
def test_the_rule_tests_say_of_every_commitment_how_it_stands(commitments, day):
    path = RULES.with_name("jp-kr-tokyo-2025.test.yaml")
    tests = yaml.safe_load(path.read_text(encoding="utf-8"))["tests"]
    said = {
        name
        for test in tests
        if isinstance(test["updates"], str)
        for expected in test["expect"]
        if str(expected["at"]) == day
        for name in expected["commitments"]
    }
    assert said == set(commitments)


def test_the_rule_tests_have_a_name_each_and_read_a_feed_that_is_there(commitments):
    path = RULES.with_name("jp-kr-tokyo-2025.test.yaml")
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    names = [test["name"] for test in content["tests"]]
    assert content["rules"] == RULES.name
    assert len(set(names)) == len(names)
    for test in content["tests"]:
        if isinstance(test["updates"], str):
            assert (RULES.parent / test["updates"]).is_file()
        asked = {name for expected in test["expect"] for name in expected["commitments"]}
        never = {entry["commitment"] for entry in test.get("never", [])}
        assert asked | never <= set(commitments), test["name"]
