"""The few settings that showing has. The environment wins over `.env`; nothing else of that file is kept."""

import os
from functools import lru_cache
from pathlib import Path

from dotenv import dotenv_values

# COMPANY_DIR empty: beside the data. DECISIONS empty: on where only this machine is served. LOGIN empty: off.
DEFAULTS = {"DATA_DIR": "data", "LANG_DEFAULT": "en", "COMPANY_DIR": "", "DECISIONS": "", "LOGIN": ""}


def setting(name: str) -> str:
    return os.environ.get(name) or written().get(name) or DEFAULTS[name]


@lru_cache(maxsize=1)
def written() -> dict[str, str | None]:
    found = dotenv_values(Path.cwd() / ".env")
    return {name: found.get(name) for name in DEFAULTS}
