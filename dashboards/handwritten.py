"""What somebody wrote by hand in a file of the firm's: read, and when it is wrong named so that it can be mended."""

import json
from dataclasses import dataclass

import yaml

from dashboards import access, sending
from dashboards.configuration import company_dir


class WrongFile(Exception):
    """A file that cannot be read at all."""


class WrongRule(Exception):
    """A rule, or a recipient, that cannot be used: the text names file, rule, key, value and what is allowed."""


def content(name: str, key: str) -> list[dict]:
    """The list that stands under a key of one of the firm's files."""
    path = company_dir() / name
    try:
        read = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise WrongFile(f"{name}{where}: it is not YAML ({getattr(error, 'problem', None) or 'unreadable'}).") from None
    except (OSError, UnicodeDecodeError) as error:
        raise WrongFile(f"{path} cannot be read ({type(error).__name__}).") from None
    found = read.get(key) if isinstance(read, dict) else None
    if not isinstance(found, list) or set(read) != {key}:
        raise WrongFile(f"{name}: it must say `{key}:` and below it a list, and nothing else.")
    return found


@dataclass(frozen=True)
class Said:
    """One entry of a list as somebody wrote it, and how to name what is wrong in it."""

    file: str
    name: str
    written: object

    def wrong(self, key: str, reason: str) -> WrongRule:
        value = self.written.get(key) if isinstance(self.written, dict) else self.written
        shown = "" if value is None else f" {json.dumps(value, ensure_ascii=False, default=str)}"
        return WrongRule(f"{self.file}, {self.name}, {key}:{shown} {reason}.")

    def known(self, keys: set[str]) -> None:
        if not isinstance(self.written, dict):
            raise WrongRule(
                f"{self.file}, {self.name}: it must be a list of keys; allowed are {', '.join(sorted(keys))}."
            )
        for key in self.written:
            if key not in keys:
                raise self.wrong(str(key), f"is no key; allowed are {', '.join(sorted(keys))}")

    def text(self, key: str) -> str:
        value = self.written.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(key, "must be a text" if value is not None else "is missing")
        return value.strip()

    def one_of(self, key: str, allowed, otherwise=None):
        value = self.written.get(key)
        if value is None:
            return otherwise
        if value not in tuple(allowed):
            raise self.wrong(key, f"is none of {', '.join(allowed)}")
        return value

    def recipients(self) -> tuple[str, ...]:
        value = self.written.get("to")
        found = [value] if isinstance(value, str) else value
        if not isinstance(found, list) or not found or not all(isinstance(one, str) and one.strip() for one in found):
            raise self.wrong("to", "must be a mail address or the name of a webhook, or a list of these")
        for one in found:
            if reason := sending.lacking(one.strip()):
                raise self.wrong("to", f"cannot be reached: {reason}")
        return tuple(dict.fromkeys(one.strip() for one in found))

    def allowed(self, key: str, email: str) -> None:
        """With readers who sign in, figures are only for those whom `access.csv` names."""
        if access.is_asked() and email.lower() not in access.known():
            reason = f"{email} is not in access.csv" if "@" in email else "needs `as`: whose rights count for a webhook"
            raise self.wrong(key, f"cannot be told figures: {reason}")
