"""LAW 8: durable-rules and the plain evaluator agree; and what the compiler may hand out at all."""

import json

import pytest
from drawing import effort
from drawn_rulebooks import rulebooks
from hypothesis import given
from hypothesis import strategies as st
from ledger import engine_of, from_nothing
from strategies import cases

from monitor.engine.evaluators.compiler import (
    MAX_FIRST_CONDITIONS,
    MAX_PROPERTIES,
    MAX_RULES,
    compile_shape,
    count_paths,
)
from monitor.engine.evaluators.plain import PlainEvaluator, holds
from monitor.engine.evaluators.program import LIMIT, And, Compare, Flag, Negate, Op, Or, Shape

FLAGS = 6
FIELDS = 12
PARAMS = 6

NUMBERS = st.one_of(
    st.integers(-3, 3), st.integers(-LIMIT, LIMIT), st.sampled_from((-LIMIT, LIMIT, LIMIT - 1))
)


def nodes(leaves=9):
    leaf = st.builds(Flag, st.integers(0, FLAGS - 1)) | st.builds(
        Compare, st.integers(FLAGS, FIELDS - 1), st.sampled_from(Op), st.integers(0, PARAMS - 1)
    )
    return st.recursive(
        leaf,
        lambda inner: (
            st.builds(Negate, inner)
            | st.builds(And, st.lists(inner, min_size=1, max_size=4).map(tuple))
            | st.builds(Or, st.lists(inner, min_size=1, max_size=4).map(tuple))
        ),
        max_leaves=leaves,
    )


def shapes(most=8):
    return st.lists(nodes(), min_size=1, max_size=most, unique=True).map(
        lambda conditions: Shape(tuple(conditions), FIELDS, PARAMS)
    )


def views():
    flags = st.lists(st.integers(0, 1), min_size=FLAGS, max_size=FLAGS)
    numbers = st.lists(NUMBERS, min_size=FIELDS - FLAGS, max_size=FIELDS - FLAGS)
    return st.tuples(flags, numbers).map(lambda pair: (*pair[0], *pair[1]))


PARAM_ROWS = st.lists(NUMBERS, min_size=PARAMS, max_size=PARAMS).map(tuple)


@pytest.fixture(scope="module")
def durable():
    pytest.importorskip(
        "durable_rules_engine", reason="durable-rules cannot be built here (CPython 3.13 and later)"
    )
    from monitor.engine.evaluators.durable import DurableEvaluator

    return DurableEvaluator()


@effort(100, 600)
@given(shapes(), st.lists(PARAM_ROWS, min_size=1, max_size=3), st.lists(views(), max_size=8))
def test_both_evaluators_give_the_same_mask(durable, shape, rows, seen):
    plain = PlainEvaluator()
    for params in rows:
        one, other = durable.prepare(shape, params), plain.prepare(shape, params)
        for view in (*seen, *seen[:1]):
            expected = sum(1 << i for i, n in enumerate(shape.conditions) if holds(n, view, params))
            assert other(view) == expected
            assert one(view) == expected


@effort(20, 100)
@given(cases(agreements=1, most=2))
def test_both_evaluators_find_the_same_history(durable, case):
    rulebook, batches = case
    reports = [u for batch in batches for u in batch.updates]
    rows = [c for batch in batches for c in batch.coverage]
    now = batches[-1].now
    one = from_nothing(engine_of(rulebook), reports, rows, now)
    other = from_nothing(engine_of(rulebook, durable), reports, rows, now)
    assert one == other


OPERATORS = {"$gte", "$lte", "$gt", "$lt"}


def check_expression(expression, properties):
    """The measured subset: one key a mapping, no other operator, whole numbers or `$m`."""
    assert isinstance(expression, dict)
    assert len(expression) == 1
    ((key, value),) = expression.items()
    if key in {"$and", "$or"}:
        assert len(value) >= 2
        return [leaf for part in value for leaf in check_expression(part, properties)]
    if key in OPERATORS:
        assert len(value) == 1
        ((field, right),) = value.items()
        assert list(right) == ["$m"]
        assert right["$m"].startswith("p")
        properties |= {field, right["$m"]}
        assert field.startswith("f")
        return [key]
    assert key[0] in "fc"
    assert value in (0, 1)
    assert type(value) is int
    properties.add(key)
    return [key]


def check_shape(shape):
    covered = []
    for ruleset in compile_shape(shape):
        rules = json.loads(ruleset.definition)
        assert 1 <= len(rules) <= MAX_RULES <= 50
        properties = set()
        firsts = 0
        for name, rule in rules.items():
            assert list(rule) == ["all"]
            (branch,) = rule["all"]
            assert list(branch) == ["m"]
            check_expression(branch["m"], properties)
            index = int(name.removeprefix("c"))
            computed = index in ruleset.computed
            firsts += 1 if computed else count_paths(shape.conditions[index])
            covered.append(index)
        assert firsts <= MAX_FIRST_CONDITIONS < 64
        assert len(properties) <= MAX_PROPERTIES < 253
        given_names = {f"f{i}" for i in ruleset.fields} | {f"p{i}" for i in ruleset.params}
        assert properties == given_names | {f"c{i}" for i in ruleset.computed}
    assert covered == list(range(len(shape.conditions)))


@effort(100, 1000)
@given(shapes(most=80))
def test_the_compiler_emits_only_the_safe_subset(shape):
    check_shape(shape)


@effort(20, 100)
@given(rulebooks())
def test_every_rulebook_compiles_into_the_safe_subset(rulebook):
    engine = engine_of(rulebook)
    for key in engine.commitments:
        shape = engine.plan(key).core.low.shape
        assert all(0 <= c.field < shape.fields for n in shape.conditions for c in leaves(n))
        check_shape(shape)


def leaves(node):
    match node:
        case Negate(of):
            return leaves(of)
        case And(of) | Or(of):
            return [leaf for part in of for leaf in leaves(part)]
        case _:
            return [node]


def test_a_condition_with_many_true_paths_is_answered_by_python():
    wide = Or(tuple(And((Flag(i), Or((Flag(i + 1), Flag(i + 2))))) for i in range(8)))
    (ruleset,) = compile_shape(Shape((wide,), 12, 0))
    assert ruleset.computed == (0,)
    assert json.loads(ruleset.definition) == {"c0": {"all": [{"m": {"c0": 1}}]}}


def test_many_rules_are_split_over_several_rulesets():
    shape = Shape(tuple(Compare(0, Op.AT_LEAST, i) for i in range(130)), 1, 130)
    sizes = [len(json.loads(ruleset.definition)) for ruleset in compile_shape(shape)]
    assert sizes == [50, 50, 30]
    check_shape(shape)


def fnv_1a(text):
    """The 32-bit hash by which durable-rules tells property names apart."""
    value = 2_166_136_261
    for byte in text.encode():
        value = (value ^ byte) * 16_777_619 & 0xFFFFFFFF
    return value


def test_no_two_property_names_have_the_same_hash():
    names = ["id", "sid", "$s", *(f"{letter}{n}" for letter in "fpc" for n in range(401))]
    assert len({fnv_1a(name) for name in names}) == len(names)


def test_a_threshold_beyond_the_safe_integers_is_refused(durable):
    shape = Shape((Compare(0, Op.AT_LEAST, 0),), 1, 1)
    with pytest.raises(ValueError, match="beyond the integers"):
        durable.prepare(shape, (LIMIT + 1,))
