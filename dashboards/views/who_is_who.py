"""Which records are the same customer?"""

import polars as pl
import streamlit as st

from dashboards import (
    decisions,
    differing,
    drill,
    facts,
    formats,
    header,
    pairs,
    panels,
    side_by_side,
    stamp,
    states,
    tables,
    tiles,
    warehouse,
    words,
)
from dashboards.warehouse import Filter, Unknown

SHOWN = 500
QUEUE = ["first_account", "second_account", "sources", "pair_amount", "sure_share", "agreed", "disagreed", "rule"]
COVERED = ["source", "rule", "counted", "share", "revenue", "revenue_share"]
THREAD = [
    "source", "from_entity", "to_entity", "entity", "documents_counted", "linked_counted", "guessed_counted",
    "orphans_counted", "linked_amount", "guessed_amount", "orphan_amount",
]  # fmt: skip
DIFFERING = ["customer_name", "kept_value", "kept_source", "other_value", "other_source", "why_kept"]
DECIDED = ["first_account", "second_account", "decision", "who", "when", "reason"]


def top(queue: pl.DataFrame, waiting: list[decisions.Decision]) -> list[tiles.Tile]:
    lacking = facts.missing("invoice_lines")
    money_reason = states.because(lacking) if lacking else None
    # Where there is but one system, none found means none looked for.
    alone = words.text("who.one_system_reason") if queue.is_empty() and len(pairs.sources()) < 2 else None
    help_money = words.text("who.tile.behind.help", period=header.days(pairs.year()))
    return [
        tiles.Tile(words.text("who.tile.accounts"), warehouse.count(pairs.ACCOUNTS), "count"),
        tiles.Tile(words.text("who.tile.customers"), warehouse.count("canonical.customers"), "count"),
        both_tile(money_reason),
        tiles.Tile(
            words.text("who.tile.proposed"), queue.height, "count", help=words.text("who.tile.proposed.help"),
            reason=alone,
        ),
        tiles.Tile(
            words.text("who.tile.behind"), pairs.behind(queue), "money", help=help_money, reason=alone or money_reason,
        ),
        tiles.Tile(words.text("who.tile.waiting"), len(waiting), "count", help=words.text("who.tile.waiting.help")),
    ]  # fmt: skip


def both_tile(reason: str | None) -> tiles.Tile:
    """How much of the revenue is of customers whom both sides know."""
    period, label = header.days(pairs.year()), words.text("who.tile.both")
    about = words.text("who.tile.both.help", period=period)
    if len(pairs.sources()) < 2:
        reason = words.text("who.one_system_reason")
    if reason:
        return tiles.Tile(label, None, "percent", help=about, reason=reason)
    n, sold = pairs.in_both()
    whole, theirs = sold["revenue"].sum(), sold.filter(pl.col("is_both"))["revenue"].sum()
    if not whole:
        return tiles.Tile(label, None, "percent", help=about, reason=words.text("state.nothing_to_divide"))
    amounts = {"theirs": formats.money(theirs, facts.currency()), "whole": formats.money(whole, facts.currency())}
    about = f"{words.text('who.tile.both.money', **amounts)} {about}"
    note = words.text("who.tile.both.note", n=n)
    return tiles.Tile(label, float(theirs / whole), "percent", help=about, note=note)


def queue_section(queue: pl.DataFrame, are_several: bool) -> None:
    st.subheader(words.text("section.proposed"), anchor=False)
    side_by_side.said()
    if queue.is_empty():
        st.caption(words.text("who.none_proposed" if are_several else "who.none_proposed_one"))
        return
    keys = queue["account_pair_key"].to_list()
    chosen = drill.chosen("pair")
    at = keys.index(chosen) if chosen in keys else 0
    st.markdown(words.text("who.queue", n=queue.height, at=formats.number(at + 1), total=formats.number(queue.height)))
    following = keys[at + 1] if at + 1 < len(keys) else None
    side_by_side.draw(queue.row(at, named=True), following)
    shown = told(queue.head(SHOWN))
    panels.documents("pairs", shown, QUEUE, queue.height, None, pick=("pair", "account_pair_key"))


def told(queue: pl.DataFrame) -> pl.DataFrame:
    """The queue in words."""
    names = pairs.accounts([*queue["account_key"], *queue["other_account_key"]])
    lines = []
    for row in queue.iter_rows(named=True):
        first, second = names.get(row["account_key"], {}), names.get(row["other_account_key"], {})
        systems = (stamp.source(one.get("source", "")) for one in (first, second))
        lines.append({
            "account_pair_key": row["account_pair_key"], "first_account": first.get("name"),
            "second_account": second.get("name"), "sources": " · ".join(systems), "pair_amount": row["money"],
            "sure_share": float(row["confidence"]), "agreed": fields(row["agreed"]),
            "disagreed": fields(row["disagreed"]), "rule": words.text(f"match_rule.{row['rule']}"),
        })  # fmt: skip
    return pl.DataFrame(lines, infer_schema_length=None)


def fields(text: str | None) -> str:
    return ", ".join(words.text(f"field.{field}") for field in facts.listed(text))


def decided_section(waiting: list[decisions.Decision], taken: list[decisions.Decision]) -> None:
    """What people decided: what waits can be taken back, what a refresh has is a table."""
    if not waiting and not taken:
        return
    st.subheader(words.text("section.decisions"), anchor=False)
    shown = [*waiting, *taken[::-1][:SHOWN]]
    names = pairs.accounts(sorted({key for one in shown for key in one.pair}))
    with st.container(gap="xsmall"):
        for one in waiting[:50]:
            waiting_line(one, names)
    if not taken:
        return
    rows = [
        {"first_account": name(one.first, names), "second_account": name(one.second, names), "who": one.who,
         "decision": words.text(f"decision.{one.decision}.short"), "when": one.when, "reason": one.reason}
        for one in taken[::-1][:SHOWN]
    ]  # fmt: skip
    panels.documents("decisions", pl.DataFrame(rows, infer_schema_length=None), DECIDED, len(taken), None)


def waiting_line(one: decisions.Decision, names: dict[str, dict]) -> None:
    a, b = (side_by_side.called(names[key]) if key in names else drill.escaped(key) for key in (one.first, one.second))
    said = words.text(f"decision.{one.decision}", a=a, b=b)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(words.text("who.waits", decision=said, who=drill.escaped(one.who)), width="stretch")
        if one.file and decisions.are_on():
            more = {"on_click": side_by_side.undo, "args": (one,), "icon": ":material/undo:"}
            st.button(words.text("who.undo"), key=f"undo-{one.file}", **more)


def name(key: str, names: dict[str, dict]) -> str:
    return names.get(key, {}).get("name") or key


def coverage_section() -> None:
    """How many accounts, and how much of the money, each rule joined."""
    st.subheader(words.text("section.matched"), anchor=False)
    found = pairs.coverage()
    if found.is_empty():
        st.caption(words.text("table.none"))
        return
    together = found.filter(pl.col("rule") != "alone")
    n, total, revenue, whole = (
        part[column].sum() for column in ("counted", "revenue") for part in (together, found)
    )  # fmt: skip
    said = {"joined": formats.number(n), "total": formats.number(total), "share": formats.percent(n / total)}
    sentence = words.text("who.matched", n=n, **said)
    if whole:
        sentence += " " + words.text("who.matched_money", share=formats.percent(float(revenue / whole)))
    st.markdown(sentence)
    whole_of = [pl.col(column).cast(pl.Float64) for column in ("counted", "revenue")]
    shares = [(part / part.sum().over("source")).fill_nan(None) for part in whole_of]
    shown = found.with_columns(share=shares[0], revenue_share=shares[1])
    shown = tables.worded(tables.coded(shown, rule="match_rule"), source=stamp.source)
    panels.documents("matched", shown, COVERED, shown.height, None)


def thread_section() -> None:
    """How far documents name each other, where the warehouse says so."""
    try:
        warehouse.columns("thread_coverage")
    except Unknown:
        return
    found = warehouse.rows("thread_coverage", order="source", descending=False, limit=SHOWN)
    if found.is_empty():
        return
    st.subheader(words.text("section.thread"), anchor=False)
    known = {name: "entity" for name in ("entity", "from_entity", "to_entity") if name in found.columns}
    shown = tables.worded(tables.coded(found, **known), source=stamp.source)
    panels.documents("thread", shown, THREAD, found.height, None)


def differing_section() -> None:
    """What accounts of one customer say differently, field by field; whose word counts is the firm's own choice."""
    found = differing.fields()
    if found.is_empty():
        return
    st.subheader(words.text("section.differing"), anchor=False)
    st.markdown(words.text("who.differing", n=found["counted"].sum()))
    chosen = st.pills(
        words.text("column.field"), found["field"].to_list(), key="differing", default=found["field"][0],
        format_func=lambda field: words.text(f"field.{field}"), label_visibility="collapsed", required=True,
    )  # fmt: skip
    shown = differing.values(chosen).with_columns(why_kept="reason")
    total = found.filter(pl.col("field") == chosen)["counted"].item()
    panels.documents("differing", tables.coded(shown, why_kept="value_reason"), DIFFERING, total, None)


def exceptions_section() -> None:
    """What else is odd about accounts; the list itself is on Trust."""
    odd = warehouse.counted("exceptions", {"code": "code"}, [Filter("entity", "=", "account")])
    if odd.is_empty():
        return
    st.subheader(words.text("section.odd_accounts"), anchor=False)
    with st.container(gap="xsmall"):
        for code, n in odd.sort("counted", descending=True).iter_rows():
            label = f"{words.text(f'exception.{code}')}: {formats.number(n)}"
            st.page_link(
                "views/trust.py", label=label, query_params={"exception": code}, icon=":material/arrow_forward:"
            )


def page() -> None:
    systems = pairs.sources()
    if not systems:
        states.not_connected(words.text("page.who_is_who.question"), ["accounts"])
        return
    waiting, taken = decisions.waiting(), decisions.taken()
    queue = pairs.proposed([*waiting, *taken])
    tiles.draw(top(queue, waiting), facts.currency())
    if len(systems) < 2:
        st.info(words.text("who.one_system", source=systems[0]), icon=":material/power_off:")
    queue_section(queue, len(systems) > 1)
    decided_section(waiting, taken)
    coverage_section()
    differing_section()
    thread_section()
    exceptions_section()


page()
