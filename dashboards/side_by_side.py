"""Two accounts beside each other: what each says, what agrees, what differs, and the buttons that decide."""

import polars as pl
import streamlit as st

from dashboards import decisions, drill, facts, formats, pairs, stamp, tables, words

SAID = "decision-said"
LONGEST_NAME = 20
# What is told of an account beside what is compared.
TOLD = ("owner_name", "created_at", "revenue", "open_deals")


def draw(pair: dict, following: str | None) -> None:
    """One proposed pair; `following` is the one that comes after it."""
    found = pairs.accounts([pair["account_key"], pair["other_account_key"]])
    first, second = found.get(pair["account_key"]), found.get(pair["other_account_key"])
    if first is None or second is None:
        st.caption(words.text("who.gone"))
        return
    # A long word of the data breaks rather than pushing the other account off a narrow screen.
    st.html("<style>.st-key-side-by-side td + td { overflow-wrap: anywhere; }</style>")
    with st.container(border=True, key="side-by-side"):
        st.markdown(reasoning(pair))
        st.markdown(table(pair, first, second))
        st.caption(words.text("who.signs"))
        links(first, second)
        if decisions.are_on():
            buttons(pair, first, second, following)
        else:
            st.caption(words.text("who.off"))
            st.code(f'python -m pipelines decide {first["account_key"]} same {second["account_key"]} --why "…"', "sh")


def reasoning(pair: dict) -> str:
    """Why somebody is asked, in a sentence."""
    known = {"rule": words.text(f"match_rule.{pair['rule']}"), "sure": formats.percent(pair["confidence"], 0)}
    amount = formats.short_money(pair["money"], facts.currency())
    said = [words.text("who.behind", amount=amount), words.text("who.rule", **known)]
    if pair["score"] is not None:
        said.append(words.text("who.score", bits=formats.number(pair["score"], 1)))
    if pair["reason"]:
        said.append(words.text("who.because", reason=words.text(f"match_reason.{pair['reason']}")))
    return " ".join(said)


def table(pair: dict, first: dict, second: dict) -> str:
    """Lines of the comparison; a sign says what agrees and what differs, colour only repeats it."""
    head = ["", *(escaped(stamp.source(one["source"])) for one in (first, second))]
    lines = [
        (marked(words.text(f"field.{name}"), agrees), *(cell(spoken(name, value)) for value in values))
        for name, *values, agrees in pairs.compared(pair, first, second)
    ]
    lines += [(words.text(f"field.{name}"), told(name, first), told(name, second)) for name in TOLD]
    rows = [head, ["---"] * 3, *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def marked(label: str, agrees: bool | None) -> str:
    if agrees is None:
        return label
    return f":green[**✓ {label}**]" if agrees else f":red[**≠ {label}**]"


def told(name: str, account: dict) -> str:
    match name:
        case "revenue":
            return formats.money(account[name], facts.currency())
        case "open_deals":
            n, worth = account[name], formats.money(account["open_deals_amount"], facts.currency())
            return f"{formats.number(n)} · {worth}" if n else formats.NONE
        case "created_at":
            return formats.day(account[name])
        case _:
            return cell(account[name])


def spoken(name: str, value) -> object:
    """A legal form comes as the kind it is; everything else is what a system says."""
    known = name == "legal_form" and words.knows(f"legal_form.{value}")
    return words.text(f"legal_form.{value}") if known else value


def cell(value) -> str:
    return escaped(str(value)) if value not in (None, "") else formats.NONE


def escaped(text: str) -> str:
    """A value from the data on one line of a table."""
    return drill.escaped(" ".join(text.split()))


def links(first: dict, second: dict) -> None:
    """The way to both records; where the vendor's address is not known, the key to look for."""
    opened = tables.opened(pl.DataFrame([{"source_url": one["source_url"]} for one in (first, second)],
                                        schema={"source_url": pl.String}))["source_url"]  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center"):
        for one, url in zip((first, second), opened, strict=True):
            label = words.text("who.open", source=stamp.source(one["source"]))
            if url:
                st.link_button(drill.escaped(label), url, icon=":material/open_in_new:")
            st.markdown(f":small[{drill.escaped(one['account_key'])}]", width="content")


def buttons(pair: dict, first: dict, second: dict, following: str | None) -> None:
    by = decisions.who()
    key = pair["account_pair_key"]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if by is None:
            by = st.text_input(words.text("who.your_name"), key="decided-by", max_chars=100, width=240).strip()
        st.text_input(words.text("who.why"), key=f"why-{key}", max_chars=500, width=420)
    answers = [
        ("same", first, second, words.text("who.same")),
        ("different", first, second, words.text("who.different")),
        ("parent", second, first, words.text("who.parent", name=called(first, LONGEST_NAME))),
        ("parent", first, second, words.text("who.parent", name=called(second, LONGEST_NAME))),
    ]
    with st.container(horizontal=True):
        for at, (decision, a, b, label) in enumerate(answers):
            more = {"type": "primary" if at == 0 else "secondary", "disabled": not by, "on_click": decide}
            st.button(label, key=f"decide-{at}-{key}", args=(a, b, decision, by, f"why-{key}"), **more)
        if following:
            more = {"type": "tertiary", "on_click": drill.choose, "args": ("pair", following)}
            st.button(words.text("who.later"), key=f"later-{key}", icon=":material/skip_next:", **more)


def called(account: dict, longest: int = 200) -> str:
    """A name, and the system that calls it so."""
    name = account["name"]
    name = name if len(name) <= longest else f"{name[: longest - 1]}…"
    return drill.escaped(f"{name} ({stamp.source(account['source'])})")


def decide(first: dict, second: dict, decision: str, by: str, reason: str) -> None:
    """Called by a button, with the field that holds the reason: what was typed last has not been drawn yet."""
    why = st.session_state.get(reason) or ""
    try:
        decisions.decide(first["account_key"], second["account_key"], decision, by, why)
    except OSError as error:
        known = {"folder": drill.escaped(str(decisions.inbox())), "error": error.strerror or ""}
        st.session_state[SAID] = (False, words.text("who.not_written", **known))
        return
    said_of = words.text(f"decision.{decision}", a=called(first), b=called(second))
    st.session_state[SAID] = (True, words.text("who.noted", decision=said_of))
    drill.clear(("pair",))


def said() -> None:
    """What became of the last click."""
    done, text = st.session_state.pop(SAID, (None, ""))
    if done is not None:
        st.success(text) if done else st.error(text)


def undo(decision: decisions.Decision) -> None:
    try:
        if decision.file and decisions.undo(decision.file):
            return
        text = words.text("who.too_late")
    except OSError as error:
        folder = drill.escaped(str(decisions.inbox()))
        text = words.text("who.not_written", folder=folder, error=error.strerror or "")
    st.session_state[SAID] = (False, text)
