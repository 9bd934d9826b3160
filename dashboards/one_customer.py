"""Who a customer is, how sure that is, and the search for one."""

from dataclasses import dataclass
from decimal import Decimal

import polars as pl
import streamlit as st

from dashboards import drill, facts, formats, panels, stamp, tables, warehouse, words
from dashboards.warehouse import Filter
from dashboards.worked_out import once

FOUND = ["customer_name", "tax_id", "city", "segment", "owner_name", "revenue"]
# Rules that state who is who; comparing fields only makes it likely.
SURE = ("decision", "erp_reference", "tax_id")
# All customers of a firm, and all their accounts: more have no list anybody searches by name.
ALL = 200_000
SHOWN = 50


@dataclass(frozen=True)
class Customer:
    """A customer and the accounts that are theirs."""

    key: str
    row: dict
    accounts: pl.DataFrame

    @property
    def name(self) -> str:
        names = self.accounts["name"].drop_nulls().to_list()
        return self.row["name"] or next(iter(names), self.key)


def known(key: str) -> Customer | None:
    """The customer of a key, if anybody knows them."""
    found = warehouse.rows("canonical.customers", [Filter("customer_key", "=", key)], limit=1)
    if found.is_empty():
        return None
    matches = warehouse.rows("canonical.account_matches", [Filter("customer_key", "=", key)], order="source")
    keys = tuple(matches["account_key"])
    accounts = warehouse.rows("canonical.accounts", [Filter("account_key", "in", keys)], order="source")
    joined = matches.select("account_key", "rule", "agreed", "disagreed", "confidence")
    return Customer(
        key, found.row(0, named=True), accounts.join(joined, on="account_key").sort("source", "account_key")
    )


def head(customer: Customer) -> None:
    """Name, number, owner, the way to the records, and how sure it is that they are one customer."""
    row = customer.row
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(drill.escaped(customer.name), anchor=False, width="content")
        records(customer.accounts)
        more = {"key": "other-customer", "on_click": other, "type": "tertiary", "icon": ":material/search:"}
        st.button(words.text("customer.other"), **more)
    place = ", ".join(drill.escaped(row[name]) for name in ("city", "country_code") if row[name])
    told = {"tax_id": row["tax_id"], "owner": row["owner_name"], "segment": row["segment"], "phone": row["phone"]}
    said = [
        words.text(f"customer.{name}", value=drill.escaped(value)) if value else words.text(f"customer.no_{name}")
        for name, value in told.items()
        if value or name in ("tax_id", "owner")
    ]
    st.markdown(" · ".join([*said, *([place] if place else [])]))
    bridge(customer)


def records(accounts: pl.DataFrame) -> None:
    """The way to the records of the systems; where an address is not known, the number to look for."""
    opened = tables.opened(accounts.select("source_url"))["source_url"]
    for account, url in zip(accounts.iter_rows(named=True), opened, strict=True):
        source = stamp.source(account["source"])
        if url:
            label = words.text("who.open", source=source)
            st.link_button(drill.escaped(label), url, icon=":material/open_in_new:", type="tertiary")
        else:
            number = account["account_key"].rpartition(":")[2]
            st.markdown(f":small[{drill.escaped(f'{source} {number}')}]", width="content")


def bridge(customer: Customer) -> None:
    """Why the records of the systems are taken for one customer, and aloud where that is a guess."""
    rules = [rule for rule in ("scored", *reversed(SURE)) if rule in set(customer.accounts["rule"])]
    if not rules:
        code = "crm" if customer.row["is_in_crm"] else "erp" if customer.row["is_in_erp"] else "none"
        st.caption(words.text(f"customer.alone.{code}"))
        return
    # The weakest rule decides: a chain is as sure as its weakest link.
    weakest = customer.accounts.filter(pl.col("rule") == rules[0])
    said = {"rule": words.text(f"match_rule.{rules[0]}"), "sure": sure(weakest["confidence"].min())}
    systems = ", ".join(sorted({stamp.source(name) for name in customer.accounts["source"]}))
    n = customer.accounts.height
    if rules[0] in SURE:
        st.caption(words.text("customer.sure", n=n, systems=drill.escaped(systems), **said))
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        text = [words.text("customer.guessed", n=n, systems=drill.escaped(systems), **said)]
        for name in ("agreed", "disagreed"):
            fields = sorted(
                {words.lowered(words.text(f"field.{field}")) for one in weakest[name] for field in facts.listed(one)}
            )
            text += [words.text(f"customer.{name}", fields=", ".join(fields))] if fields else []
        st.warning(" ".join(text), icon=":material/help:")


def sure(confidence: Decimal | None) -> str:
    """A share that rounding would make certain is no certainty."""
    almost = Decimal("0.999")
    if confidence is not None and confidence > almost:
        return f"≥ {formats.percent(almost)}"
    return formats.percent(confidence)


def other() -> None:
    drill.clear(("customer", "document"))


def unknown(key: str) -> None:
    """Nobody knows the customer of this address; a key that became another one says so."""
    st.info(words.text("customer.unknown", key=drill.escaped(key)), icon=":material/person_off:")
    moved = warehouse.rows(
        "customer_key_changes", [Filter("from_customer_key", "=", key)], order="as_of_date", limit=20
    )
    now = {row["to_customer_key"]: row["account_name"] for row in moved.iter_rows(named=True)}
    for key_now, name in list(now.items())[:5]:
        st.page_link(
            "views/customer.py",
            label=words.text("customer.moved", name=drill.escaped(name or key_now)),
            query_params={"customer": key_now},
            icon=":material/arrow_forward:",
        )


def search(revenue: pl.DataFrame | None) -> None:
    """All customers by name or tax number, in the spelling of any system; the largest ones before anything is asked."""
    asked = st.text_input(
        words.text("customer.search"), key="q", bind="query-params", type="search", icon=":material/search:", width=480,
        placeholder=words.text("customer.search.placeholder"),
    )  # fmt: skip
    everybody = customers()
    if revenue is not None:
        everybody = everybody.join(revenue, on="customer_key", how="left")
    found = everybody.filter(matching(asked or ""))
    by, descending = ("revenue", True) if revenue is not None else ("customer_name", False)
    found = found.sort(by, "customer_key", descending=[descending, False], nulls_last=True)
    if found.is_empty():
        st.caption(words.text("customer.none_found", asked=drill.escaped(asked or "")))
        return
    st.caption(words.text("customer.found" if asked else "customer.largest", n=found.height))
    panels.documents("found", found.head(SHOWN), FOUND, found.height, None, pick=("customer", "customer_key"))


@once
def customers() -> pl.DataFrame:
    """One row a customer, with every spelling and number to look for."""
    found = (
        warehouse.rows("canonical.customers", limit=ALL).drop("name", strict=False).join(_spelled(), on="customer_key")
    )
    return found


def _spelled() -> pl.DataFrame:
    named = warehouse.rows("canonical.customers", limit=ALL).select("customer_key", "name", "tax_id")
    matches = warehouse.rows("canonical.account_matches", limit=ALL).select("account_key", "customer_key")
    accounts = warehouse.rows("canonical.accounts", limit=ALL).select("account_key", "name", "tax_id")
    spelled = matches.join(accounts, on="account_key").drop("account_key")
    together = pl.concat([named, spelled.select(named.columns)])
    return together.group_by("customer_key", maintain_order=True).agg(
        customer_name=pl.col("name").drop_nulls().first(),
        spellings=pl.col("name").drop_nulls().unique().str.join("\n").str.to_lowercase(),
        numbers=pl.col("tax_id").drop_nulls().unique().str.join("\n").str.to_lowercase(),
    )


def matching(asked: str) -> pl.Expr:
    """Every word of what was typed stands in a name, or all of it in a tax number."""
    typed = asked.lower().split()
    words_in = [pl.col("spellings").str.contains(word, literal=True) for word in typed]
    number = "".join(sign for sign in asked.lower() if sign.isalnum())
    in_name = pl.all_horizontal(words_in) if words_in else pl.lit(value=True)
    return (in_name | pl.col("numbers").str.contains(number, literal=True)) if number else in_name
