"""How each rule stands and who knows of which late source: one file, whole or as it was."""

import json
import os
from pathlib import Path

from dashboards import generation
from dashboards.handwritten import WrongFile

NAME = "alerts_state.json"


def path() -> Path:
    return generation.data_dir() / NAME


def read() -> dict:
    """`rules`: by name and recipient; `late`: by recipient, the late sources they were told of."""
    try:
        found = json.loads(path().read_text(encoding="utf-8"))
    except FileNotFoundError:
        found = {}
    except ValueError:
        raise WrongFile(f"{path()} is damaged: delete it, and every rule begins anew.") from None
    return {"rules": found.get("rules", {}), "late": found.get("late", {})}


def write(state: dict) -> None:
    """Written aside, synced, then given its name. The owner's alone."""
    aside = path().with_name(f".{NAME}.writing")
    with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(state, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    os.replace(aside, path())
