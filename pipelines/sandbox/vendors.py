"""The vendors that the sandbox speaks for, each in a file of its own: `<system>_api.py`.

Such a file declares SYSTEM; VENDOR, a class that is made with the sandbox and has `routes`, `asked` and `fault`;
`keys(frame)`, the columns that tell a record of an entity from the others; and `settings(sandbox)`, what a source is
told so that it reads from here.
"""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from pipelines import sandbox


def spoken() -> dict[str, ModuleType]:
    """Each vendor by its system."""
    names = [found.name for found in iter_modules(sandbox.__path__) if found.name.endswith("_api")]
    modules = [import_module(f"{sandbox.__name__}.{name}") for name in names]
    return {module.SYSTEM: module for module in modules}
