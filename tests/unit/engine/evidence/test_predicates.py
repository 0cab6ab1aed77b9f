"""Field tests on one update, in any language."""

from decimal import Decimal

import pytest
from making import kind, update

from monitor.domain.condition import Range, TextTest, UpdatePattern
from monitor.engine.evidence.predicates import compile_pattern, compile_text, is_static


@pytest.mark.parametrize(
    ("term", "text", "holds"),
    [
        ("LNG", "an lng terminal", True),
        ("LNG", "bLNGx", False),
        ("LNG", "LNG-powered", True),
        ("lng", "LNG.", True),
        ("delay", "delays", False),
        ("delay", "a delay_of", False),
        ("clean energy", "Clean  energy", False),
        ("clean energy", "for clean energy.", True),
        ("C++", "C++ and C", True),
        ("수소", "한국과 일본은 수소를 협력한다", True),
        ("수소", "탄소", False),
        ("水素", "日韓の水素協力", True),
        ("アンモニア", "ｱﾝﾓﾆｱ混焼", True),
        ("LNG", "\uff2c\uff2e\uff27 輸入", True),  # full width
        ("LNG", "日本はLNGを輸入する", True),
        ("LNG", "한국은 LNG를 수입한다", True),
        ("LNG", "삼성LNG선", True),
        ("LNG", "eLNG를", False),
        ("①", "1", True),
        ("Straße", "STRASSE", True),
        ("café", "cafe\u0301", True),
        ("ไฮโดรเจน", "โครงการไฮโดรเจนใหม่", True),
    ],
)
def test_terms_are_whole_words_where_the_script_has_them(term, text, holds):
    assert compile_text(TextTest(any=(term,)))(text) is holds


@pytest.mark.parametrize(
    ("test", "text", "holds"),
    [
        (TextTest(any=("oil", "gas")), "gas field", True),
        (TextTest(all=("oil", "gas")), "gas field", False),
        (TextTest(all=("oil", "gas")), "gas and oil", True),
        (TextTest(none=("oil",)), "gas", True),
        (TextTest(none=("oil",)), "oil", False),
        (TextTest(any=("gas",), none=("oil",)), "gas, oil", False),
        (TextTest(regex=r"\b\d+ GW\b"), "some 15 GW of it", True),
        (TextTest(regex=r"gw"), "15 GW", True),
        (TextTest(regex=r"(?-i:gw)"), "15 GW", False),
        (TextTest(), "", True),
    ],
)
def test_every_part_of_a_text_test_must_hold(test, text, holds):
    assert compile_text(test)(text) is holds


REPORT = update(
    "2025-02-01",
    "funding",
    "Money for hydrogen",
    topics=("hydrogen", "trade"),
    parties=("JP", "KR"),
    source="The Wire",
    url="https://wire.example/1",
    text="A bank pays.",
    milestone="first",
    indicator="volume",
    value="1.5",
)


@pytest.mark.parametrize(
    ("pattern", "holds"),
    [
        (UpdatePattern(), True),
        (kind("funding", "agreement"), True),
        (kind("agreement"), False),
        (UpdatePattern(topics=("Hydrogen", "ammonia")), True),
        (UpdatePattern(topics=("ammonia",)), False),
        (UpdatePattern(parties=("KR", "US")), True),
        (UpdatePattern(all_parties=("KR", "US")), False),
        (UpdatePattern(all_parties=("KR", "JP")), True),
        (UpdatePattern(source=("the wire",)), True),
        (UpdatePattern(source=("wire",)), False),
        (UpdatePattern(tier=2), True),
        (UpdatePattern(tier=1), False),
        (UpdatePattern(milestone=("first",)), True),
        (UpdatePattern(indicator=("tariff",)), False),
        (UpdatePattern(value=Range(at_least=Decimal("1.5"))), True),
        (UpdatePattern(value=Range(above=Decimal("1.5"))), False),
        (UpdatePattern(title=TextTest(any=("bank",))), False),
        (UpdatePattern(text=TextTest(all=("bank", "money"))), True),
        (UpdatePattern(url=TextTest(any=("wire.example",))), True),
        (kind("funding", topics=("trade",), tier=3), True),
        (kind("funding", topics=("trade",), tier=3, source=("x",)), False),
    ],
)
def test_every_test_of_a_pattern_must_hold(pattern, holds):
    assert compile_pattern(pattern)(REPORT, 2) is holds


def test_a_value_test_needs_a_value():
    pattern = UpdatePattern(value=Range(at_most=Decimal(0)))
    assert not compile_pattern(pattern)(update(1), 1)


def test_an_answer_is_kept_only_where_nothing_else_of_the_update_is_asked():
    assert is_static(kind("funding", topics=("a",), parties=("JP",), tier=1))
    assert not is_static(UpdatePattern(title=TextTest(any=("x",))))
    assert not is_static(UpdatePattern(milestone=("m",)))


@pytest.mark.parametrize(
    ("bounds", "inside", "outside"),
    [
        (Range(at_least=Decimal(1)), "1", "0.999999"),
        (Range(at_most=Decimal(1)), "1", "1.000001"),
        (Range(above=Decimal(1)), "1.000001", "1"),
        (Range(below=Decimal(1)), "0.999999", "1"),
        (Range(at_least=Decimal(1), below=Decimal(2)), "1.5", "2"),
    ],
)
def test_a_range_holds_inside_all_its_bounds(bounds, inside, outside):
    assert bounds.holds(Decimal(inside))
    assert not bounds.holds(Decimal(outside))
