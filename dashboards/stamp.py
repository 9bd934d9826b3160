"""The line under every title: as of when, tested or not, and what went wrong last."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import streamlit as st

from dashboards import drawn, drill, facts, formats, money, words
from dashboards.configuration import setting

# Hours after which a source's data is called old; twice that is very old.
AGREED_AGE = 30


def draw() -> None:
    loads = facts.sources()
    text, colour = line(loads), _colour(oldest_hours(loads))
    drawn.stamped(text)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        # A caption is written faint: what warns is small, and not faint.
        if colour:
            st.markdown(f":small[:{colour}[{text}]]", width="stretch")
        else:
            st.caption(text, width="stretch")
        st.page_link(
            "views/trust.py",
            label=words.text("stamp.trust"),
            icon=":material/verified:",
            query_params={"lang": words.language()},
            width="content",
        )
    _attempt()
    for load in loads:
        if load["state"] == "kept":
            known = {"source": source(load["source"]), "moment": formats.moment(local(load["loaded_at"]))}
            st.warning(words.text("stamp.kept", message=drill.escaped(load["message"] or ""), **known))


def line(loads: list[dict]) -> str:
    """As of when the sources told, and how the tests ended, in markup."""
    tests = facts.tests()
    named = [(drill.escaped(source(load["source"])), _moment(load)) for load in loads]
    parts = [words.text("stamp.source", source=name, moment=moment) for name, moment in named]
    said = [words.text("stamp.data_as_of", sources=" · ".join(parts)) if parts else words.text("stamp.no_sources")]
    rate = money.chosen()
    if rate is not None:
        known = {"source": drill.escaped(rate.source), "day": formats.day(rate.day), "currency": rate.currency}
        value = f"{formats.number(rate.value, 4)} {facts.reporting_currency()}"
        said.append(words.text("stamp.rate", value=value, **known))
    said.append(words.text("stamp.tests", n=tests.passed))
    if tests.warned or tests.failed:
        said.append(words.text("stamp.warnings", n=tests.warned + tests.failed))
    hours = oldest_hours(loads)
    if hours is not None:
        said.append(words.text("stamp.age", age=age(hours)))
    return " · ".join(said)


def oldest_hours(loads: list[dict], now: datetime | None = None) -> float | None:
    """Age of the oldest source's data."""
    moments = [load["data_as_of"] or load["loaded_at"] for load in loads if load["state"] != "never"]
    now = now or datetime.now(UTC).replace(tzinfo=None)
    ages = [(now - moment.replace(tzinfo=None)).total_seconds() / 3600 for moment in moments if moment]
    return max((max(age, 0.0) for age in ages), default=None)


def source(name: str) -> str:
    """A source in words: the system, and which of several where a firm has them."""
    system, _, label = name.partition("@")
    known = words.text(f"source.{system}") if words.knows(f"source.{system}") else system
    return f"{known} ({label})" if label else known


def _attempt() -> None:
    """The last attempt, when it failed: the figures are older than a reader would think."""
    last = facts.failed_attempt()
    if last is None:
        return
    moment, reason = formats.moment(local(_read(last.get("started_at")))), drill.escaped(str(last.get("reason") or ""))
    if last.get("outcome") == "published_without_source":
        text = words.text("stamp.attempt_without", moment=moment, reason=reason)
    else:
        step = str(last.get("failed_step") or last.get("outcome") or "")
        step = words.text(f"attempt_step.{step}") if words.knows(f"attempt_step.{step}") else step
        text = words.text("stamp.attempt", moment=moment, step=step, reason=reason)
    st.warning(text, icon=":material/sync_problem:")


def local(moment: datetime | None) -> datetime | None:
    """A moment by the reader's clock, where nobody reads by the firm's; the warehouse keeps UTC."""
    if moment is None:
        return None
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(st.context.timezone or setting("TIME_ZONE")))


def _read(text) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None


def _moment(load: dict) -> str:
    if load["state"] == "never":
        return words.text("stamp.never")
    return formats.moment(local(load["data_as_of"] or load["loaded_at"]))


def _colour(age: float | None) -> str | None:
    if age is None or age <= AGREED_AGE:
        return None
    return "orange" if age <= 2 * AGREED_AGE else "red"


def age(hours: float) -> str:
    if hours < 48:
        return words.text("stamp.hours", n=max(round(hours), 0))
    return words.text("stamp.days", n=round(hours / 24))
