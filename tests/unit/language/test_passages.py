"""Sentences of a document: where they end, how they are found, and what is no quote."""

from monitor.language.passages import misquoted, passages, search

TEXT = """The mayors met. They agreed to open a night
ferry before the summer of 2026! “Will it sail?” asked the U.S. Consul.

次の会談は来年だ。場所は東京。
A line without an end
"""


def test_sentences_are_numbered_through_the_document_with_their_lines():
    assert [tuple(p) for p in passages(TEXT)] == [
        (1, 1, "The mayors met."),
        (2, 1, "They agreed to open a night ferry before the summer of 2026!"),
        (3, 2, "“Will it sail?” asked the U.S. Consul."),
        (4, 4, "次の会談は来年だ。"),
        (5, 4, "場所は東京。"),
        (6, 5, "A line without an end"),
    ]


def test_every_passage_is_a_quote_of_its_document():
    assert all(misquoted(p.text, TEXT) is None for p in passages(TEXT))


def test_the_words_of_a_search_may_stand_in_any_order_and_case():
    found, whole = search(passages(TEXT), "SUMMER ferry")
    assert ([p.number for p in found], whole) == ([2], True)


def test_where_no_passage_has_all_words_those_with_the_most_come_first():
    found, whole = search(passages(TEXT), "mayors agreed ferry")
    assert ([p.number for p in found], whole) == ([2, 1], False)


def test_nothing_is_found_by_words_that_are_not_there():
    assert search(passages(TEXT), "balloon") == ([], False)
    assert passages("  \n\n \n") == []


def test_a_quote_that_parts_from_its_document_is_told_where():
    assert misquoted("open a  night\nferry", TEXT) is None
    assert misquoted('"Will it sail?" asked', TEXT) is None
    assert (
        misquoted("open a night train", TEXT)
        == "it agrees up to 'open a night' and parts at 'train'"
    )
