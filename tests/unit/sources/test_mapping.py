from __future__ import annotations

import pytest

from monitor.errors import ConfigError, UsageError
from monitor.sources.fields import _TYPES
from monitor.sources.mapping import FIELDS, IDENTITY, FieldMap, field_map, map_options


def test_options_and_configuration_say_the_same():
    options = map_options(["topics=subject", "kind==statement"])
    assert options == field_map({"topics": "subject", "kind": "=statement"})
    assert options == FieldMap((("topics", "subject"),), (("kind", "statement"),))


def test_no_options_change_nothing():
    assert map_options([]) == IDENTITY == field_map({"title": "title"})


def test_a_column_may_hold_an_equals_sign_and_a_constant_as_well():
    assert map_options(["title=a=b"]).columns == (("title", "a=b"),)
    assert map_options(["title==a=b"]).constants == (("title", "a=b"),)


def test_the_long_form_translates_values():
    mapping = field_map({"kind": {"column": "typ", "values": {"Treffen": "meeting"}}})
    assert mapping == FieldMap((("kind", "typ"),), (), (("kind", (("Treffen", "meeting"),)),))
    assert field_map({"kind": {"constant": "meeting"}}) == field_map({"kind": "=meeting"})


def test_every_field_has_a_type():
    assert set(_TYPES) == set(FIELDS)


@pytest.mark.parametrize(
    ("spec", "why"),
    [
        ({"topic": "x"}, "unknown field 'topic', did you mean 'topics'?"),
        ({5: "x"}, "unknown field 5"),
        ({"title": ""}, "title: its column must be a text that is not empty"),
        ({"title": "="}, "title: its constant must be a text that is not empty"),
        ({"title": 5}, "title must name a column, or hold column, constant or values"),
        ({"title": {"colum": "x"}}, "title: unknown key 'colum', did you mean 'column'?"),
        ({"title": {"column": ["x"]}}, "title: its column must be a text"),
        ({"title": {"constant": "x", "column": "y"}}, "a constant needs neither column nor values"),
        ({"kind": {"values": ["x"]}}, "kind: values must translate texts into texts"),
        ({"kind": {"values": {"x": 1}}}, "kind: values must translate texts into texts"),
    ],
)
def test_a_bad_mapping_is_refused_with_a_reason(spec, why):
    with pytest.raises(ConfigError) as refused:
        field_map(spec)
    assert why in refused.value.message


def test_all_faults_of_a_mapping_come_at_once_with_the_fields_there_are():
    with pytest.raises(ConfigError) as refused:
        field_map({"topic": "x", "titel": "y"})
    assert "'topics'" in refused.value.message
    assert "'title'" in refused.value.message
    assert "occurred_at" in refused.value.hint


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["topics"], "--map topics: not of the form FIELD=COLUMN"),
        (["=x"], "--map =x: not of the form FIELD=COLUMN"),
        (["title=a", "title=b"], "--map title=b: title is mapped twice"),
        (["topic=subject"], "--map: unknown field 'topic', did you mean 'topics'?"),
    ],
)
def test_a_bad_option_is_an_error_of_usage(options, why):
    with pytest.raises(UsageError) as refused:
        map_options(options)
    assert refused.value.message == why
    assert refused.value.hint or "twice" in why
