"""Everything a page reads from its address, found in the code and by reading along, so that none can be forgotten."""

import ast
import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st
from streamlit.runtime.state.query_params_proxy import QueryParamsProxy

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "dashboards").rglob("*.py"))
BOUND = (
    "selectbox", "multiselect", "date_input", "segmented_control", "pills", "number_input", "toggle", "text_input",
    "checkbox", "radio", "slider", "text_area", "select_slider",
)  # fmt: skip
Site = tuple[str, int]


def clicks() -> set[str]:
    """The names that `drill.chosen` is asked for anywhere."""
    return {name for path in SOURCES for name in _clicks(path)}


def choices() -> set[Site]:
    """Where the code binds a choice to the address, by file and line."""
    calls = ((path, node) for path in SOURCES for node in ast.walk(ast.parse(path.read_text())))
    return {
        (path.name, node.lineno)
        for path, node in calls
        if isinstance(node, ast.Call) and any(keyword.arg == "bind" for keyword in node.keywords)
    }


@contextmanager
def read_along(monkeypatch) -> Iterator[tuple[set[str], set[Site]]]:
    """The names that are read from the address meanwhile, and the places of the choices that were drawn."""
    names, sites = set(), set()
    with monkeypatch.context() as patched:
        for method in ("get", "get_all", "__getitem__"):
            patched.setattr(QueryParamsProxy, method, _noted(getattr(QueryParamsProxy, method), names))
        for kind in BOUND:
            patched.setattr(st, kind, _drawn(getattr(st, kind), names, sites))
        yield names, sites


def _noted(method, names: set[str]):
    def noted(self, name, *others):
        names.add(name)
        return method(self, name, *others)

    return noted


def _drawn(widget, names: set[str], sites: set[Site]):
    def drawn(*given, **more):
        if more.get("bind"):
            caller = sys._getframe(1)
            sites.add((Path(caller.f_code.co_filename).name, caller.f_lineno))
            names.add(more["key"])
        return widget(*given, **more)

    return drawn


def _clicks(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text())
    for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and node.args and ast.unparse(node.func) == "drill.chosen":
                yield from _names(path, function, node.args[0])


def _names(path: Path, function: ast.FunctionDef, argument: ast.expr) -> list[str]:
    """A name as it is written, or those that a loop of the function goes through."""
    if isinstance(argument, ast.Constant):
        return [argument.value]
    loops = [node for node in ast.walk(function) if isinstance(node, ast.comprehension | ast.For)]
    gone_through = [loop.iter for loop in loops if ast.unparse(loop.target) == ast.unparse(argument)]
    known = [node.id for node in gone_through if isinstance(node, ast.Name) and node.id.isupper()]
    assert known, f"{path.name}:{argument.lineno}: nobody can tell which parameter of the address this is"
    assert path.parent.name != "views" or _constants(path, known), "the constants of a view are read, not imported"
    if path.parent.name == "views":
        return _constants(path, known)
    module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return [name for constant in known for name in getattr(module, constant)]


def _constants(path: Path, known: list[str]) -> list[str]:
    """A view draws itself when it is imported, so that its constants are read as they are written."""
    found = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.Assign)]
    return [name for node in found if ast.unparse(node.targets[0]) in known for name in ast.literal_eval(node.value)]
