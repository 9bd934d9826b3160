"""The few settings that showing has. The environment wins over `.env`; nothing else of that file is kept."""

import os
from functools import lru_cache
from pathlib import Path

from dotenv import dotenv_values

# COMPANY_DIR empty: beside the data. DECISIONS empty: on where only this machine is served. LOGIN empty: off.
DEFAULTS = {
    "DATA_DIR": "data",
    "LANG_DEFAULT": "en",
    "COMPANY_DIR": "",
    "DECISIONS": "",
    "LOGIN": "",
    "DASHBOARD_URL": "http://127.0.0.1:8501",
    "TIME_ZONE": "UTC",
    "SMTP__HOST": "",
    "SMTP__PORT": "",
    "SMTP__USER": "",
    "SMTP__PASSWORD": "",
    "SMTP__FROM": "",
    "SMTP__TLS": "starttls",
}
# Addresses to post to, each under a name of the firm's own: WEBHOOK__SALES.
WEBHOOK = "WEBHOOK__"


def setting(name: str) -> str:
    return os.environ.get(name) or written().get(name) or DEFAULTS[name]


def webhook(name: str) -> str:
    """The address that goes by a name; empty where nobody set one."""
    known = WEBHOOK + name.upper()
    return os.environ.get(known) or written().get(known) or ""


def company_dir() -> Path:
    """The firm's own files."""
    chosen = setting("COMPANY_DIR")
    return Path(chosen) if chosen else Path(setting("DATA_DIR")) / "company"


@lru_cache(maxsize=1)
def written() -> dict[str, str | None]:
    found = dotenv_values(Path.cwd() / ".env")
    return {name: value for name, value in found.items() if name in DEFAULTS or name.startswith(WEBHOOK)}
