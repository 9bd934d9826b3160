"""The commands that send: each says how it ended in its last line and in its exit code."""

import argparse
import logging
import sys
from pathlib import Path

from dashboards import access, sent
from dashboards.handwritten import WrongFile
from dashboards.warehouse import NotPublished

# As the other commands have it, and those of a refresh: 5 is what is late.
WELL, FAILED, SETTINGS, UNPUBLISHED, BUSY, LATE = 0, 1, 2, 3, 4, 5

# No page is served here, and Streamlit would say so at each step.
SILENT = ("scriptrunner_utils.script_run_context", "state.session_state_proxy")


def main(name: str, options: list[str]) -> int:
    for logger in SILENT:
        logging.getLogger(f"streamlit.runtime.{logger}").disabled = True
    given = _given(name, options)
    try:
        return _alerts() if name == "alerts" else _digest(given)
    except (WrongFile, access.WrongAccess) as error:
        return _said(str(error), SETTINGS)
    except NotPublished:
        return _said("Nothing is published yet: run `make refresh` first.", UNPUBLISHED)
    except sent.Busy as error:
        return _said(str(error), BUSY)
    except Exception as error:
        return _said(f"Something unexpected happened ({type(error).__name__}: {error}).", FAILED)


def _given(name: str, options: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(f"python -m dashboards {name}", allow_abbrev=False)
    if name == "digest":
        parser.add_argument("--to", metavar="email", help="only this recipient")
        parser.add_argument("--today", action="store_true", help="as if today were everybody's day")
        parser.add_argument("--dry-run", metavar="folder", type=Path, help="write the mails there, send nothing")
    return parser.parse_args(options)


def _alerts() -> int:
    from dashboards import alerts

    outcome = alerts.run()
    counts = f"{outcome.rules} rules, {outcome.crossed} crossed"
    return _ended(counts, outcome)


def _digest(given: argparse.Namespace) -> int:
    from dashboards import digest

    outcome = digest.run(only=given.to, is_today=given.today, folder=given.dry_run)
    done = "written" if given.dry_run else "sent or sent before"
    return _ended(f"{outcome.due} due, {outcome.sent} {done}", outcome)


def _ended(counts: str, outcome) -> int:
    for sentence in outcome.wrong:
        print(sentence, file=sys.stderr)
    known = (("held back", outcome.held), ("failed", outcome.failed), ("wrong", len(outcome.wrong)))
    rest = "".join(f", {number} {what}" for what, number in known if number)
    code = SETTINGS if outcome.wrong else FAILED if outcome.failed else LATE if outcome.held else WELL
    print(f"{counts}{rest}{'; see sent.jsonl' if outcome.failed or outcome.held else ''}")
    return code


def _said(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code
