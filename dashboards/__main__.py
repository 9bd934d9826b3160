"""What can be had without a page: python -m dashboards question [name] | assistant | alerts | digest"""

import sys

import polars as pl

from dashboards.warehouse import NotPublished

USAGE = """usage: python -m dashboards question [name] | assistant | alerts
       python -m dashboards digest [--to email] [--today] [--dry-run folder]"""
SETTINGS, UNPUBLISHED = 2, 3


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
        print("Nothing is published yet: run `make refresh` first.", file=sys.stderr)
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


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
