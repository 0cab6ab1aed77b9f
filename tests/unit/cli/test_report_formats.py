"""Reports as pages: what updates and rules say is text there, and only the web becomes a link."""

import pytest

from monitor.cli.formats.html import html_report
from monitor.cli.formats.markdown import link_of, markdown_report, plain

HOSTILE = (
    "**Bold** <script>alert(1)</script> [x](javascript:alert(1)) @all https://evil.example\n# Big"
)


def body(*, title="A bridge", url="https://news.example/1", source="Herald", scale=None):
    rating = None if scale is None else {"value": None, "word": "no data"}
    commitment = {
        "title": title, "quote": title, "basis": "pledge", "theme": "roads", "parties": ["A", "B"],
        "status": "no_data", "since": "2025-03-01", "last_known": "at_risk",
        "known_since": "2025-02-01", "level": "limited", "rating": rating, "why": title,
        "last_progress": None, "next": {"at": "2025-04-01", "why": "stalled"},
        "evidence": [{"occurred": "2025-01", "title": title, "source": source, "url": url}],
        "more_evidence": 3,
    }  # fmt: skip
    agreement = {
        "title": title, "watched": "never watched", "rule": "each counts once", "n": 1,
        "headlines": {"no_data": 1}, "scale": scale, "commitments": [commitment],
        "themes": [{"theme": "roads", "n": 1, "headlines": {"no_data": 1}}],
    }  # fmt: skip
    return {"as_of": "2025-03-02", "known_at": "2025-03-02", "agreements": [agreement]}


SCALE = {
    "title": "Peace Accords Matrix, 0 to 3",
    "rule": "average: of the levels",
    "of": [
        {"theme": None, "n": 0, "counts": {}, "left_out": {"no data": 1}, "average": None,
         "percent": None},
        {"theme": "roads", "n": 2, "counts": {"minimal": 2}, "left_out": {}, "average": 1.0,
         "percent": 33.3},
    ],
}  # fmt: skip


def test_text_formats_nothing_and_links_nowhere_in_markdown():
    assert plain(HOSTILE) == (
        r"\*\*Bold\*\* \<script\>alert(1)\</script\> \[x\](javascript:alert(1)) &#64;all "
        r"https\://evil.example \# Big"
    )
    assert HOSTILE.split()[1] not in markdown_report(body(title=HOSTILE))


def test_text_is_escaped_in_html():
    page = html_report(body(title=HOSTILE))
    assert "<script" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", "ftp://x.example", "https://", "http://[x"]
)
def test_what_no_browser_should_open_is_no_link(url):
    assert link_of(url) == ""
    assert "<a " not in html_report(body(url=url))
    assert "- 2025-01: A bridge, Herald\n" in markdown_report(body(url=url))


def test_a_link_cannot_be_left():
    url = 'https://news.example/a b>"(c)'
    assert link_of(url) == "https://news.example/a%20b%3E%22(c)"
    assert 'href="https://news.example/a%20b%3E%22(c)"' in html_report(body(url=url))
    shown = "[A bridge](<https://news.example/a%20b%3E%22(c)>), Herald"
    assert shown in markdown_report(body(url=url))


@pytest.mark.parametrize("render", [markdown_report, html_report])
def test_figures_stand_beside_n_and_their_counting_rule(render):
    page = render(body(scale=SCALE))
    for told in ("+1.00, 33.3%", "2 minimal", "1 no data", "average: of the levels",
                 "each counts once", "(n = 1)", "last known: at risk since 2025-02-01",
                 "on the scale: -, no data", "and 3 earlier"):  # fmt: skip
        assert told in page, told


@pytest.mark.parametrize("render", [markdown_report, html_report])
def test_a_report_without_a_source_names_none(render):
    assert "A bridge," not in render(body(source=""))
