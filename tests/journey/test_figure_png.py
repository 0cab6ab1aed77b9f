"""`monitor backtest --figure x.png`: the picture itself is looked at."""

import importlib
import os
import sys
import xml.etree.ElementTree as ET

import pytest

from monitor.cli.backtest import figure_png
from monitor.cli.backtest.figure import LOOKS
from monitor.errors import UsageError

SVG = "{http://www.w3.org/2000/svg}"
BOOK = """agreement: own
title: Own
date: 2025-01-01
sources: {{press: {{tier: 2, names: [Agency]}}}}
commitments:
  - id: one
    title: {one}
    quote: one
    rules:
      - {{id: slips, when: {{update: {{kind: delay}}}}, then: {{at_risk: it slips}}}}
  - {{id: two, title: {two}, quote: two, date: 2025-03-01}}
"""
NEWS = """\
{"occurred_at": "2025-01-10", "kind": "meeting", "topics": "one", "title": "They meet", "source": "Agency"}
{"occurred_at": "2025-02-01", "kind": "delay", "topics": "one", "title": "Not now", "source": "Agency"}
{"occurred_at": "2025-02-21", "kind": "legislation", "topics": "one", "title": "Signed", "source": "Agency"}
"""
FILE = ("news.jsonl", "--covers-until", "2025-12-31", "--now", "2026-06-01")


def package(name):
    """A package of the extras: in CI it is there."""
    return importlib.import_module(name) if os.environ.get("CI") else pytest.importorskip(name)


@pytest.fixture
def draw(support, tmp_path, monkeypatch):
    """Draws a history of commitments with these titles: the SVG's root, and the picture."""
    images = package("PIL.Image")
    package("resvg_py")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules").mkdir()
    (tmp_path / "news.jsonl").write_text(NEWS)
    (tmp_path / "monitor.yaml").write_text("sources: []\n")
    shell = support("shell").Shell(tmp_path / "monitor.db", tmp_path / "monitor.yaml")

    def drawn(one="The first", two="The second"):
        book = tmp_path / "rules" / "book.yaml"
        book.write_text(BOOK.format(one=one, two=two), encoding="utf-8")
        for name in ("figure.svg", "figure.PNG"):
            assert shell("backtest", *FILE, "--figure", name).exit_code == 0
        picture = images.open(tmp_path / "figure.PNG")
        assert picture.format == "PNG"
        return ET.parse(tmp_path / "figure.svg").getroot(), picture.convert("RGB")

    return drawn


def rgb(colour):
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def test_the_picture_is_the_figure_at_twice_its_size(draw):
    root, picture = draw()
    assert picture.size == tuple(
        figure_png.SCALE * int(root.get(key)) for key in ("width", "height")
    )
    corners = [(0, 0), (picture.width - 1, 0), (0, picture.height - 1)]
    assert {picture.getpixel(corner) for corner in corners} == {(255, 255, 255)}


def test_every_spell_has_the_colour_of_its_headline_and_trouble_is_hatched(draw):
    root, picture = draw()
    hatched = {look.colour for look in LOOKS.values() if look.hatched}
    colours = set()
    for spell in root.iter(f"{SVG}g"):
        box = spell.find(f"{SVG}rect")
        x, y, width, height = (float(box.get(key)) for key in ("x", "y", "width", "height"))
        colour = box.get("fill")
        colours.add(colour)
        # the right part of the piece, where no letter stands
        left, right = x + max(14, width / 2), x + width - 1.5
        assert right - left > 2, "long enough to be looked at"
        corners = (left, y + 2, right, y + height - 2)
        part = picture.crop(tuple(round(figure_png.SCALE * at) for at in corners))
        counts = {pixel: count for count, pixel in part.getcolors(100_000)}
        assert max(counts, key=counts.get) == rgb(colour)
        assert (len(counts) > 1) is (colour in hatched), "one colour, unless there are lines on it"
    assert len(colours) == 5


def test_titles_and_the_letters_in_the_pieces_are_written(draw):
    _, picture = draw()
    scale = figure_png.SCALE
    title = picture.crop((8 * scale, 34 * scale, 250 * scale, 50 * scale))
    assert min(sum(pixel) for _, pixel in title.getcolors(100_000)) < 100, "black on white"
    letter = picture.crop((262 * scale, 34 * scale, 275 * scale, 50 * scale))
    assert min(sum(pixel) for _, pixel in letter.getcolors(100_000)) < 100


def test_titles_in_korean_and_japanese_are_written_and_stay_left_of_the_lines(draw):
    _need_glyphs()
    long = "수소와 암모니아 협력을 확대하고 공급망을 강화한다 그리고 회의를 매년 연다"
    _, first = draw(one=long, two="水素の協力")
    _, second = draw(one=long, two="数素の協力")
    row = (8, 34 + 22, 250, 34 + 22 + 16)
    one, two = (p.crop(tuple(figure_png.SCALE * at for at in row)) for p in (first, second))
    assert one.tobytes() != two.tobytes(), "an empty box is like another"
    gap = tuple(figure_png.SCALE * at for at in (256, 34, 259, 50))
    assert first.crop(gap).getcolors() == [(3 * 16 * figure_png.SCALE**2, (255, 255, 255))]


def _need_glyphs():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" font-family="sans-serif">'
    drawn = {
        text: figure_png.png(f"{svg}<text x='2' y='15'>{text}</text></svg>", None)
        for text in ("수", "소", "水", "数")
    }
    if len(set(drawn.values())) < len(drawn):
        assert not os.environ.get("CI"), "no Korean font in CI: apt install fonts-nanum"
        pytest.skip("no font with Korean and Japanese letters (apt install fonts-nanum)")


def test_without_the_package_the_extra_is_named_before_anything_is_replayed(
    draw, support, monkeypatch
):
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(UsageError, match="not installed") as caught:
        draw()
    assert "commitment-monitor[png]" in caught.value.hint
    with pytest.raises(UsageError, match="not installed"):
        figure_png.check_png("x.png")


def test_without_a_font_nothing_is_drawn_and_it_is_said(monkeypatch):
    package("resvg_py")
    monkeypatch.setattr(figure_png, "_FAMILIES", ("No Such Font",))
    resvg = sys.modules["resvg_py"]
    whole = resvg.svg_to_bytes
    monkeypatch.setattr(
        resvg, "svg_to_bytes", lambda **given: whole(**given, skip_system_fonts=True)
    )
    with pytest.raises(UsageError, match="no font to write with") as caught:
        figure_png.check_png("x.png")
    assert "fonts-dejavu-core" in caught.value.hint


def test_a_picture_of_too_many_commitments_is_refused(monkeypatch):
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="30000"></svg>'
    with pytest.raises(UsageError, match="too high for a PNG"):
        figure_png.png(svg, "x.png")
