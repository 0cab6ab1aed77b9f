"""The sandbox of templates: what Jinja2 may do here, and how much of it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from jinja2 import StrictUndefined, TemplateError, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from monitor.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

SOURCE = 20_000
"""Characters of a template."""
OUTPUT = 200_000
"""Characters of what it makes, and of every text on the way."""
STEPS = 20_000
"""Turns of all its loops."""
NUMBERS = 1_000
"""The longest `range`."""

FILTERS = frozenset(
    {
        "abs",
        "capitalize",
        "count",
        "d",
        "default",
        "dictsort",
        "e",
        "escape",
        "first",
        "float",
        "groupby",
        "int",
        "items",
        "join",
        "last",
        "length",
        "list",
        "lower",
        "map",
        "max",
        "min",
        "reject",
        "rejectattr",
        "replace",
        "reverse",
        "round",
        "safe",
        "select",
        "selectattr",
        "sort",
        "striptags",
        "sum",
        "title",
        "tojson",
        "trim",
        "truncate",
        "unique",
        "upper",
        "urlencode",
        "wordcount",
    }
)
_FORBIDDEN = (
    nodes.Macro,
    nodes.CallBlock,
    nodes.Include,
    nodes.Import,
    nodes.FromImport,
    nodes.Extends,
    nodes.Block,
)
_CALLABLE = frozenset({"range", "namespace"})


def compile_template(
    source: str, escape: Callable[[str], str], owner: str
) -> Callable[[Mapping[str, Any]], str]:
    """What renders a source; the result is stripped.

    Args:
        source: of the template.
        escape: for whatever an expression prints, unless it is marked as safe.
        owner: whose it is, for errors.

    Raises:
        ConfigError: it is no template, or uses what is not permitted. What it returns raises
            ValueError where it fails with the values it is given.
    """
    if len(source) > SOURCE:
        raise ConfigError(f"{owner}: has {len(source):,} characters instead of {SOURCE:,} at most")
    environment = _Sandbox(escape)
    try:
        tree = environment.parse(source)
        _check(tree)
        code = environment.compile(_Counting().visit(tree))
    except SecurityError as error:
        raise ConfigError(f"{owner}: {error}") from None
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        where = f", line {line}" if line else ""
        raise ConfigError(f"{owner}{where}: {error.message or 'is no template'}") from None
    template = environment.template_class.from_code(environment, code, environment.globals)

    def render(values: Mapping[str, Any]) -> str:
        environment.steps.left = STEPS
        parts, size = [], 0
        try:
            for part in template.generate(values):
                size += len(part)
                if size > OUTPUT:
                    raise SecurityError(f"it makes more than {OUTPUT:,} characters")
                parts.append(part)
        except (TemplateError, ArithmeticError, TypeError, ValueError, LookupError) as error:
            raise ValueError(f"{owner.partition(': ')[2]}: {error}") from None
        except (RecursionError, MemoryError):
            raise ValueError(f"{owner.partition(': ')[2]}: it asks for too much") from None
        return "".join(parts).strip()

    return render


def _check(tree: nodes.Template) -> None:
    for node in tree.find_all(nodes.Node):
        line = f"line {node.lineno}: "
        if isinstance(node, _FORBIDDEN) or (isinstance(node, nodes.For) and node.recursive):
            raise SecurityError(f"{line}{type(node).__name__.lower()} is not permitted")
        if isinstance(node, nodes.Call) and not (
            isinstance(node.node, nodes.Name) and node.node.name in _CALLABLE
        ):
            raise SecurityError(f"{line}calls are not permitted, but for range and namespace")
        if isinstance(node, nodes.Filter) and node.name not in FILTERS:
            raise SecurityError(f"{line}there is no filter {node.name!r} here")
        # as a constant it could be the name of an attribute, for a filter
        name = getattr(node, "attr", None) or getattr(node, "value", None)
        if isinstance(node, nodes.Getattr | nodes.Const) and str(name).startswith("__"):
            raise SecurityError(f"{line}{name!r} is not permitted")


class _Counting(NodeTransformer):
    """Puts a count on every loop, and a limit on every joining with `~`."""

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802 - jinja's own name
        self.generic_visit(node)
        node.iter = nodes.Filter(node.iter, "_counted", [], [], None, None, lineno=node.lineno)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Filter:  # noqa: N802 - jinja's own name
        self.generic_visit(node)
        parts = nodes.List(node.nodes, lineno=node.lineno)
        return nodes.Filter(parts, "_joined", [], [], None, None, lineno=node.lineno)


class _Steps(threading.local):
    left = STEPS


class _Sandbox(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset({"+", "*", "**", "%", "//", "/"})

    def __init__(self, escape: Callable[[str], str]) -> None:
        def finalize(value: Any) -> str:
            # what a filter has marked as safe, tojson above all, goes out as it is
            text = str(value)
            return text if isinstance(value, Markup) else escape(text)

        super().__init__(
            undefined=StrictUndefined,
            finalize=finalize,
            loader=None,
            trim_blocks=True,
            lstrip_blocks=True,
            cache_size=0,
        )
        self.steps = _Steps()
        own = {"_counted": self._counted, "_joined": _joined, "replace": _replace, "join": _join}
        self.filters = {
            **{name: made for name, made in self.filters.items() if name in FILTERS},
            **own,
        }
        self.globals = {"range": _range, "namespace": self.globals["namespace"]}

    def _counted(self, values: Iterable[Any]) -> Iterator[Any]:
        for value in values:
            self.steps.left -= 1
            if self.steps.left < 0:
                raise SecurityError(f"its loops turn more than {STEPS:,} times")
            yield value

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        if operator == "+" and not numbers:
            if isinstance(left, str | list) and isinstance(right, str | list):
                _limit(len(left) + len(right))
        elif not numbers or operator == "**" or max(abs(left), abs(right)) > 1e15:
            raise SecurityError(f"{operator!r} is for numbers here, and not for huge ones")
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        del obj
        return not attr.startswith("_") and not callable(value)


def _limit(size: int) -> None:
    if size > OUTPUT:
        raise SecurityError(f"it makes more than {OUTPUT:,} characters")


def _joined(parts: Iterable[Any]) -> str:
    texts = [str(part) for part in parts]
    _limit(sum(map(len, texts)))
    return "".join(texts)


def _join(values: Iterable[Any], between: str = "", attribute: str | None = None) -> str:
    texts = [str(v[attribute] if attribute is not None else v) for v in values]
    _limit(sum(map(len, texts)) + len(str(between)) * len(texts))
    return str(between).join(texts)


def _replace(value: Any, old: str, new: str) -> str:
    text = str(value)
    _limit(len(text) + text.count(old) * len(new))
    return text.replace(old, new)


def _range(*bounds: int) -> range:
    found = range(*bounds)
    if len(found) > NUMBERS:
        raise SecurityError(f"a range has at most {NUMBERS:,} numbers")
    return found
