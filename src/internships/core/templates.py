"""Jinja with less to do for every word: what it writes is the same, what it asks before writing is less."""

import re
from collections.abc import MutableMapping
from types import BuiltinMethodType, FunctionType, MethodType
from typing import Any

from jinja2 import Environment
from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import Expr
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

_TO_ESCAPE = re.compile("[&<>\"']").search
_PLAIN = frozenset({FunctionType, MethodType, BuiltinMethodType})


def _shown(value: Any) -> str:
    """What stands for a value in HTML. Most values need no escaping, and none has to say that it was escaped."""
    kind = type(value)
    if kind is Markup or (kind is str and not _TO_ESCAPE(value)):
        same: str = value
        return same
    return escape(value)


class _Calls(Context):
    """Calls what a template calls; Jinja's own looks twice whether it wants to be given the context."""

    def call(__self, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 -- as Jinja names them
        kind = type(__obj)
        is_macro = kind is Macro
        if is_macro or (kind in _PLAIN and not hasattr(__obj, "jinja_pass_arg")):
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
            return __obj(__self.eval_ctx, *args, **kwargs) if is_macro else __obj(*args, **kwargs)
        return super().call(__obj, *args, **kwargs)


class _Code(CodeGenerator):
    """Writes the Python of a template with `_shown` where Jinja would write `escape`."""

    def _output_child_pre(self, node: Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.shown(")
        else:
            super()._output_child_pre(node, frame, finalize)


class Templates(Environment):
    """All templates have the same globals, so that what one imports from another is made once for all of them."""

    context_class = _Calls
    code_generator_class = _Code
    shown = staticmethod(_shown)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **d} if d else self.globals
