"""The vendors that the sandbox speaks for, each in a file of its own: `<system>_api.py`, or `<system>_database.py`.

Such a file declares SYSTEM; VENDOR, a class that is made with the sandbox and has `routes`, `asked` and `fault`;
`keys(frame)`, the columns that tell a record of an entity from the others; and `settings(sandbox)`, what a source is
told so that it reads from here. What is read from a database has no routes: its `settings` lay down a file.
"""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from pipelines import sandbox


def spoken(kinds: tuple[str, ...] = ("_api", "_database")) -> dict[str, ModuleType]:
    """Each vendor by its system; of all kinds, or only those with an interface, or only those with a database."""
    names = [found.name for found in iter_modules(sandbox.__path__) if found.name.endswith(kinds)]
    modules = [import_module(f"{sandbox.__name__}.{name}") for name in names]
    return {module.SYSTEM: module for module in modules}
