"""The store is what the use cases ask for: same methods, same parameters."""

from __future__ import annotations

import inspect

import pytest

from monitor.services import ports


def methods(protocol: type) -> dict[str, inspect.Signature]:
    return {
        name: inspect.signature(member)
        for name, member in inspect.getmembers(protocol, inspect.isfunction)
        if not name.startswith("_")
    }


def shape(signature: inspect.Signature) -> list[tuple[str, object, object]]:
    return [(p.name, p.kind, p.default) for p in signature.parameters.values()]


@pytest.mark.parametrize("protocol", [ports.Reader, ports.Writer, ports.Store])
def test_every_method_of_the_protocol_is_there_with_its_parameters(store, protocol):
    with store.read() as reader, store.write() as writer:
        implementation = {ports.Reader: reader, ports.Writer: writer, ports.Store: store}[protocol]
    offered = methods(type(implementation))
    asked = methods(protocol)
    assert len(asked) >= 3
    for name, signature in asked.items():
        assert shape(offered[name]) == shape(signature), name


def test_a_reader_cannot_write(store):
    only_for_writers = methods(ports.Writer).keys() - methods(ports.Reader).keys()
    with store.read() as reader:
        assert not only_for_writers & methods(type(reader)).keys()
