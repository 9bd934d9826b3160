"""The text of a file. Bytes that do not fit the encoding stop the load: mangled names would be loaded otherwise."""

import csv

from pipelines.files.problems import Problem
from pipelines.files.settings import Format

UTF8 = ("utf-8", "utf8", "utf-8-sig")
REMEDY = 'Write in files.toml what it is: encoding = "cp1250" (Central Europe), "cp1251" (Cyrillic) or "utf-16".'


def decoded(file: str, data: bytes, form: Format) -> str:
    utf8 = form.encoding.lower().replace("_", "-") in UTF8
    if not utf8 and not data.isascii() and _is_utf8(data):
        raise Problem(file, f"is utf-8, but files.toml says {form.encoding}", 'Write encoding = "utf-8" for it.')
    try:
        text = data.decode("utf-8-sig" if utf8 else form.encoding)
    except UnicodeError as error:
        raise _undecodable(file, data, form, getattr(error, "start", 0)) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise Problem(file, f"is not {form.encoding}: it has zero bytes", "Is it utf-16? " + REMEDY, line)
    return text


def _is_utf8(data: bytes) -> bool:
    try:
        return bool(data.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _undecodable(file: str, data: bytes, form: Format, start: int) -> Problem:
    """The line, column and value of the first byte that does not fit."""
    begin = data.rfind(b"\n", 0, start) + 1
    names = _values(data.split(b"\n", 1)[0], form)
    values = _values(data[begin:].split(b"\n", 1)[0], form)
    at = len(_values(data[begin:start] + b".", form)) - 1
    return Problem(
        file,
        f"is not {form.encoding}",
        REMEDY,
        line=data.count(b"\n", 0, start) + 1,
        column=names[at] if at < len(names) else None,
        value=values[at] if at < len(values) else None,
    )


def _values(line: bytes, form: Format) -> list[str]:
    text = line.rstrip(b"\r").decode(form.encoding, errors="replace")
    return next(csv.reader([text], delimiter=form.delimiter), [])
