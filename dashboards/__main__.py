"""What can be had without a browser: python -m dashboards question | assistant | page | alerts | digest"""

import argparse
import sys
from pathlib import Path
from urllib.parse import parse_qs

import polars as pl

from dashboards.warehouse import NotPublished

USAGE = """usage: python -m dashboards question [name] | assistant | alerts
       python -m dashboards page name --to file.pdf|file.png [--lang en|pl|ru] [--address "period=…"] [--as e-mail]
       python -m dashboards digest [--to email] [--today] [--dry-run folder]"""
SETTINGS, UNPUBLISHED, IMPOSSIBLE = 2, 3, 1
NOTHING = "Nothing is published yet: run `make refresh` first."


def main(arguments: list[str]) -> int:
    match arguments:
        case ["question"]:
            return listed()
        case ["question", name]:
            return asked(name)
        case ["assistant"]:
            return served()
        case ["alerts" | "digest" as name, *options]:
            from dashboards import mailing

            return mailing.main(name, options)
        case ["page", *more]:
            return filed(more)
        case _:
            print(USAGE, file=sys.stderr)
            return SETTINGS


def listed() -> int:
    from dashboards import questions

    for name, words in questions.known().items():
        print(f"{name}\n  {words}")
    return 0


def asked(name: str) -> int:
    from dashboards import questions

    try:
        found = questions.answer(name)
    except questions.UnknownQuestion as error:
        print(error, file=sys.stderr)
        return SETTINGS
    except NotPublished:
        print(NOTHING, file=sys.stderr)
        return UNPUBLISHED
    print(questions.known()[name])
    with pl.Config(tbl_rows=-1, tbl_cols=-1, fmt_str_lengths=40, tbl_hide_dataframe_shape=True, tbl_width_chars=200):
        print(found)
    return 0


def served() -> int:
    try:
        from dashboards import assistant
    except ModuleNotFoundError as error:
        print(f"{error.name} is not installed: run `make assistant`, which installs it.", file=sys.stderr)
        return SETTINGS
    assistant.serve()
    return 0


def filed(arguments: list[str]) -> int:
    """A page as a file, without a server and without a browser's window."""
    from dashboards import access, paper, pictures, reading, words

    known = argparse.ArgumentParser(prog="python -m dashboards page", exit_on_error=False)
    known.add_argument("name")
    known.add_argument("--to", type=Path, required=True)
    known.add_argument("--lang", choices=tuple(words.LOCALES), default="en")
    known.add_argument("--address", default="")
    known.add_argument("--as", dest="as_")
    try:
        asked = known.parse_args(arguments)
        make = {".pdf": paper.pdf, ".png": paper.png}[asked.to.suffix.lower()]
    except (argparse.ArgumentError, KeyError) as error:
        wrong = f"--to must end in .pdf or .png, not {error}" if isinstance(error, KeyError) else error
        print(f"{wrong}\n{USAGE}", file=sys.stderr)
        return SETTINGS
    try:
        address = parse_qs(asked.address.lstrip("?"), keep_blank_values=True)
        shown = reading.page(asked.name, address, asked.lang, asked.as_)
        asked.to.write_bytes(make(shown))
    except (reading.UnknownPage, access.WrongAccess) as error:
        print(error, file=sys.stderr)
        return SETTINGS
    except access.NotAllowed:
        print(
            f"access.csv does not say what {asked.as_ or 'nobody'} may see: name somebody with --as.", file=sys.stderr
        )
        return SETTINGS
    except NotPublished:
        print(NOTHING, file=sys.stderr)
        return UNPUBLISHED
    except (reading.NotRead, pictures.Unavailable, OSError) as error:
        print(f"No file was made: {error}", file=sys.stderr)
        return IMPOSSIBLE
    print(asked.to)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
