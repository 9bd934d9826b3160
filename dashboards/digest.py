"""The weekly mail: a page as each recipient may see it, with its findings, figures and pictures."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import parse_qs

from dashboards import access, address, generation, lateness, letter, periods, reading, sending, sent, standing, words
from dashboards.configuration import setting
from dashboards.drawn import Drawn
from dashboards.handwritten import Said, WrongRule, content
from dashboards.pages import HIDDEN, PAGES
from dashboards.warehouse import NotPublished

FILE = "digest.yml"
KEYS = {"to", "role", "page", "language", "day", "owner", "view"}
# The page of a role, and the pages whose first finding completes its pictures.
ROLES = {
    "manager": ("overview", ("customer_profitability", "receivables")),
    "finance": ("receivables", ()),
    "logistics": ("order_cycle_time", ()),
    "sales": ("sales_and_prices", ("funnel_to_cash",)),
}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# What a view may be of on every page; what only one page knows stays on that page.
SHARED = ("period", "comparison")
CHOICES = {"period": periods.PERIODS, "comparison": periods.COMPARISONS}


@dataclass(frozen=True)
class Entry:
    """Who gets what, and on which day of the week."""

    to: tuple[str, ...]
    page: str
    more: tuple[str, ...]
    language: str
    day: int
    view: dict[str, list[str]]
    said: Said


@dataclass
class Outcome:
    due: int = 0
    sent: int = 0
    held: int = 0
    failed: int = 0
    wrong: tuple[str, ...] = ()


def run(only: str | None = None, is_today=False, folder: Path | None = None, now: datetime | None = None) -> Outcome:
    """Sends what is due this week and was not sent yet.

    Due is who has their day today or had it this week: what was late on Monday comes when the data does. With `folder`
    everybody's mail is written there, nothing is sent and nothing is kept. `now` is UTC without a zone.
    """
    if generation.current() is None:
        raise NotPublished
    now = now or datetime.now(UTC).replace(tzinfo=None)
    outcome, today = Outcome(), sent.today(now)
    with sent.alone():
        entries, wrong = read()
        state = standing.read()
        for entry in entries:
            is_due = is_today or folder is not None or today.weekday() >= entry.day
            for recipient in entry.to if is_due else ():
                if only is None or recipient.lower() == only.lower():
                    outcome.due += 1
                    wrong += _handed(entry, recipient, now, state["late"], folder, outcome)
        if folder is None:
            standing.write(state)
    outcome.wrong = tuple(wrong)
    return outcome


def _handed(entry: Entry, recipient: str, now: datetime, told: dict, folder: Path | None, outcome: Outcome) -> list:
    """One mail to one recipient. Returns what is wrong with the entry, if anything is."""
    occasion = f"digest {week(sent.today(now))} {entry.page} {sorted(entry.view.items())}"
    if folder is None and sent.was_sent(occasion, recipient):
        outcome.sent += 1
        return []
    try:
        with access.acting(recipient):
            late = lateness.found(now)
            if folder is None:
                lateness.forget(late, told)
        if late and folder is None:
            outcome.held += 1
            lateness.hold(occasion, "digest", recipient, late)
            outcome.failed += not lateness.tell(recipient, late, entry.language, told)
            return []
        shown = pages(entry, recipient)
        mail = letter.made(shown, recipient, entry.language, occasion)
        if folder is not None:
            write(folder, mail)
            outcome.sent += 1
            return []
        values = {tile.label: tile.value if tile.reason is None else None for tile in shown[0].tiles}
        has_it = sent.deliver(mail, "digest", values=values | {"page": entry.page, "week": week(sent.today(now))})
    except WrongRule as error:
        return [str(error)]
    except access.NotAllowed:
        return [str(entry.said.wrong("to", f"{recipient} is not in access.csv"))]
    except (reading.NotRead, letter.Nothing) as error:
        sent.note(kind="digest", recipient=recipient, key=occasion, result=sent.FAILED, reason=str(error))
        has_it = False
    outcome.sent += has_it
    outcome.failed += not has_it
    return []


def pages(entry: Entry, recipient: str) -> list[Drawn]:
    """The page of the mail first, then those that complete it; all narrowed to the recipient and to the view."""
    shown = [narrowed(entry.page, entry.view, entry, recipient)]
    same = {name: values for name, values in entry.view.items() if name.startswith("only-") or name in SHARED}
    for name in entry.more if "overview" in (entry.page, *entry.more) else (*entry.more, "overview"):
        # A page that cannot be narrowed in the same way would tell of the whole firm: it is left out.
        with suppress(reading.NotRead):
            shown.append(narrowed(name, same, entry, recipient))
    return shown


def narrowed(name: str, view: dict[str, list[str]], entry: Entry, recipient: str) -> Drawn:
    """A page that says of each chosen part that it is of this part; NotRead where it does not."""
    drawn = reading.page(name, view, entry.language, recipient)
    for choice, values in view.items():
        lacking = [value for value in values if not any(value in said for said in drawn.filters)]
        if choice.startswith("only-") and lacking:
            raise reading.NotRead(f"The page {name} cannot be narrowed by {choice}={', '.join(lacking)}.")
    return drawn


def read() -> tuple[list[Entry], list[str]]:
    """The entries that hold, and a sentence about each that does not."""
    entries, wrong = [], []
    for number, written in enumerate(content(FILE, "recipients"), start=1):
        try:
            entries.append(_entry(Said(FILE, f"recipient {number}", written)))
        except WrongRule as error:
            wrong.append(str(error))
    return entries, wrong


def _entry(said: Said) -> Entry:
    said.known(KEYS)
    to = said.recipients()
    for recipient in to:
        if not sending.is_mail(recipient):
            raise said.wrong("to", "must be a mail address: a digest has pictures, and a webhook takes none")
        said.allowed("to", recipient)
    if ("role" in said.written) == ("page" in said.written):
        raise said.wrong("role", "exactly one of role and page is needed")
    known = [name for name in PAGES if name not in HIDDEN]
    page, more = ROLES.get(said.one_of("role", ROLES), (said.one_of("page", known), ()))
    language = said.one_of("language", words.LOCALES, setting("LANG_DEFAULT"))
    return Entry(to, page, more, language, DAYS.index(said.one_of("day", DAYS, "monday")), _view(said), said)


def _view(said: Said) -> dict[str, list[str]]:
    """What the address of the page says behind its question mark, as a browser shows it."""
    written = said.text("view") if "view" in said.written else ""
    view = {name: values for name, values in parse_qs(written.rpartition("?")[2]).items() if name != "lang"}
    if written and not view:
        raise said.wrong("view", "must be what stands behind ? in the address of the page")
    for name, codes in CHOICES.items():
        if name in view and address.meant(view[name][0], name, codes) is None:
            raise said.wrong("view", f"{name}={view[name][0]} is none of {', '.join(codes)}")
    if "owner" in said.written:
        view["only-owner_name"] = [said.text("owner")]
    return view


def week(today: date) -> str:
    year, number, _ = today.isocalendar()
    return f"{year}-W{number:02d}"


def write(folder: Path, mail: sending.Message) -> None:
    """The mail as a file that a mail program opens, and its parts as a browser does."""
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^a-zA-Z0-9.@-]", "_", mail.recipient)
    (folder / f"{name}.eml").write_bytes(sending.composed(mail).as_bytes())
    html = mail.html
    for picture in mail.pictures:
        (folder / f"{name}-{picture.name}.png").write_bytes(picture.png)
        html = html.replace(f"cid:{picture.name}", f"{name}-{picture.name}.png")
    (folder / f"{name}.html").write_text(html, encoding="utf-8")
    (folder / f"{name}.txt").write_text(mail.text, encoding="utf-8")
