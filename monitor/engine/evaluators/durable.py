"""The durable-rules adapter: the one module that imports it.

The C module is driven directly: the Python host around it costs several times more per evaluation
and adds threads and timers that nothing here wants. One ruleset serves every commitment of a
shape. A view is asserted as a single fact, the rules that fire are collected by name, and the fact
is retracted; after any failure the ruleset is thrown away and made anew, because a half-finished
action would lock its state for a minute.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from operator import itemgetter
from threading import Lock

import durable_rules_engine as rules

from monitor.engine.evaluators.compiler import Ruleset, compile_shape
from monitor.engine.evaluators.plain import holds
from monitor.engine.evaluators.program import LIMIT, Row, Shape

_RETRACT = '{"id":"v"}'


class DurableEvaluator:
    """Conditions that hold, as a bit mask over `shape.conditions`, decided by durable-rules."""

    name = "durable"

    def __init__(self) -> None:
        self._networks: dict[Ruleset, _Network] = {}

    def prepare(self, shape: Shape, params: Row) -> Callable[[Row], int]:
        """A function from a view to the mask."""
        parts = [
            _Part(shape, ruleset, params, self._network(ruleset))
            for ruleset in compile_shape(shape)
        ]
        if len(parts) == 1:
            return parts[0].decide

        def decide(view: Row) -> int:
            mask = 0
            for part in parts:
                mask |= part.decide(view)
            return mask

        return decide

    def _network(self, ruleset: Ruleset) -> _Network:
        network = self._networks.get(ruleset)
        if network is None:
            network = self._networks[ruleset] = _Network(ruleset.definition)
        return network


class _Part:
    """One ruleset with the thresholds of one commitment filled into its view."""

    __slots__ = ("_computed", "_network", "_params", "_pick", "_template")

    def __init__(self, shape: Shape, ruleset: Ruleset, params: Row, network: _Network) -> None:
        if any(abs(params[index]) > LIMIT for index in ruleset.params):
            raise ValueError("a threshold is beyond the integers that travel safely")
        fixed = "".join(f',"p{index}":{params[index]}' for index in ruleset.params)
        fields = "".join(f',"f{index}":%d' for index in ruleset.fields)
        flags = "".join(f',"c{index}":%d' for index in ruleset.computed)
        self._template = '{"id":"v"' + fixed + fields + flags + "}"
        self._pick = _picker(ruleset.fields)
        self._computed = [shape.conditions[index] for index in ruleset.computed]
        self._params = params
        self._network = network

    def decide(self, view: Row) -> int:
        row = self._pick(view)
        if self._computed:
            row += tuple(int(holds(node, view, self._params)) for node in self._computed)
        return self._network.decide(self._template % row)


def _picker(fields: Sequence[int]) -> Callable[[Row], tuple[int, ...]]:
    if len(fields) == 1:
        (only,) = fields
        return lambda view: (view[only],)
    if not fields:
        return lambda _view: ()
    return itemgetter(*fields)


class _Network:
    """A compiled ruleset inside the library. Not re-entrant: one evaluation at a time."""

    def __init__(self, definition: str) -> None:
        digest = hashlib.blake2b(definition.encode(), digest_size=8).hexdigest()
        self._name = f"monitor-{digest}"
        self._definition = definition
        self._handle = rules.create_ruleset(self._name, definition)
        self._lock = Lock()

    def decide(self, fact: str) -> int:
        """The rules that fire on the fact, as a bit mask of the numbers in their names."""
        with self._lock:
            handle = self._handle
            try:
                code, offset = rules.assert_fact(handle, fact)
                mask = 0
                if code == 0:
                    started = rules.start_action_for_state(handle, offset)
                    fired = started[1] if started else None
                    while fired is not None:
                        # {"c12":{"m":{...}}}: the name is all that is wanted of it
                        mask |= 1 << int(fired[3 : fired.index('"', 3)])
                        fired = rules.complete_and_start_action(handle, offset)
                rules.retract_fact(handle, _RETRACT)
            except BaseException:
                self._renew()
                raise
            return mask

    def _renew(self) -> None:
        """Leave the ruleset behind: deleting one in an unknown state is not safe."""
        self._handle = rules.create_ruleset(self._name, self._definition)
