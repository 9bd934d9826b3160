"""Which sources are too old, or failed last time, to send figures made of them; and the one message that says so."""

from dataclasses import dataclass
from datetime import UTC, datetime

from dashboards import facts, formats, generation, sent, stamp, warehouse, words
from dashboards.sending import Message, one_line
from dashboards.warehouse import Filter

# Endings of an attempt after which what is shown is as fresh as its stamp says.
WELL = {"published", "published_without_source", "rolled_back"}


@dataclass(frozen=True)
class Late:
    """A source that is not fresh: `hours` is its age, None when it never delivered."""

    source: str
    moment: datetime | None
    hours: float | None
    has_failed: bool


def found(now: datetime | None = None) -> list[Late]:
    """The late ones of all sources: older than the agreed age, as the stamp has it, or failed in the last attempt."""
    now = now or datetime.now(UTC).replace(tzinfo=None)
    last = next(reversed(facts.attempts()), {})
    states = {name: told.get("state") for name, told in (last.get("sources") or {}).items()}
    is_lost = last.get("outcome", "published") not in WELL
    late = []
    for load in facts.sources():
        hours = stamp.oldest_hours([load], now)
        failed = is_lost or load["state"] != "loaded" or states.get(load["source"], "loaded") != "loaded"
        if failed or hours is None or hours > stamp.AGREED_AGE:
            late.append(Late(load["source"], load["data_as_of"] or load["loaded_at"], hours, failed))
    return late


def beneath(measure: dict, late: list[Late]) -> list[Late]:
    """Those of the late sources that a measure is made of. Where it does not say what it rests on: all of them."""
    rests_on = tuple(facts.listed(measure.get("rests_on")))
    if not rests_on:
        return late
    fed = [Filter("is_fed", "=", True), Filter("entity", "in", rests_on)]
    sources = set(warehouse.rows("canonical.coverage", fed, limit=10_000)["source"])
    return [one for one in late if one.source in sources]


def tell(recipient: str, late: list[Late], language: str, told: dict) -> bool:
    """Says once to a recipient what is late. `told` keeps what they know: by recipient, the late sources."""
    known = told.setdefault(recipient, {})
    fresh = [one for one in late if one.source not in known]
    if not fresh:
        return True
    with words.speaking(language):
        lines = [sentence(one) for one in fresh]
        subject = words.text("mail.late.subject", sources=", ".join(stamp.source(one.source) for one in fresh))
        text = "\n\n".join([*lines, words.text("mail.late.held")])
    sources = " ".join(f"{one.source}@{one.moment}" for one in fresh)
    message = Message(recipient, one_line(subject), text, f"late {sources}", fields={"kind": "late", "text": text})
    ages = {one.source: None if one.hours is None else round(one.hours, 1) for one in fresh}
    has_it = sent.deliver(message, "data is late", values=ages)
    if has_it:
        known.update({one.source: str(one.moment) for one in fresh})
    return has_it


def hold(key: str, kind: str, recipient: str, late: list, rule: str = "", subject: str = "") -> None:
    """One line in the log for what would have been sent, a generation and a state of its sources."""
    key = f"{key} {generation.folder()} {' '.join(f'{one.source}@{one.moment}' for one in late)}"
    if any(line.get("key") == key and line.get("recipient") == recipient for line in sent.lines()):
        return
    values = {one.source: None if one.hours is None else round(one.hours, 1) for one in late}
    reason = f"late: {', '.join(values)}"
    told = {"subject": subject, "rule": rule, "values": values, "result": sent.HELD, "reason": reason}
    sent.note(kind=kind, recipient=recipient, key=key, **told)


def forget(late: list[Late], told: dict) -> None:
    """A source that is fresh again is late anew the next time."""
    names = {one.source for one in late}
    for known in told.values():
        for source in [name for name in known if name not in names]:
            del known[source]


def sentence(late: Late) -> str:
    source = stamp.source(late.source)
    if late.hours is None:
        return words.text("mail.late.never", source=source)
    parts = {"source": source, "moment": formats.moment(stamp.local(late.moment)), "age": stamp.age(late.hours)}
    return words.text("mail.late.failed" if late.has_failed else "mail.late.old", **parts)
