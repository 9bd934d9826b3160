"""Stores as a real CRM and a real ERP spell them, matched without the number that says who is who."""

import polars as pl
import pytest

from tests.who import Matched, labelled_names, proposed_names, shared_data, stores_and_resellers

DATA = shared_data()

pytestmark = pytest.mark.skipif(
    not (DATA / "adventureworks_dw").is_dir(), reason="the shared data is not here: set SHARED_DATA to its folder"
)

TWICE = ("Sports Products Store", "Friendly Bike Shop")


@pytest.fixture(scope="module")
def stores():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHARED_DATA", str(DATA))
        rows, firms = stores_and_resellers()
    return rows, firms, Matched(rows)


def test_no_store_is_taken_for_another_and_all_that_name_and_territory_tell_are_found(stores):
    rows, firms, found = stores
    told = found.figures(firms)
    assert told["merged precision"] == told["shown precision"] == 1
    assert (rows.height, found.customers["cluster_key"].n_unique()) == (2 * 701, 701 + 2 * len(TWICE))
    assert told["shown recall"] == 1


def test_names_borne_twice_are_proposed_with_the_right_partner_and_people_are_asked_nothing_else(stores):
    rows, firms, found = stores
    twice = rows.filter(rows["name"].str.strip_chars().is_in(TWICE)).join(firms, on="account_key")
    partners = twice.group_by("firm").agg(pl.col("account_key").sort()).select("account_key")
    proposed = found.links.filter(outcome="proposed")
    assert set(proposed["reason"]) == {"common_name"}
    pairs = proposed.select(pl.concat_list("account_key", "other_account_key"))
    assert {tuple(pair) for (pair,) in pairs.iter_rows()} == {tuple(pair) for (pair,) in partners.iter_rows()}


def test_firms_known_by_nothing_but_a_name_are_proposed_where_the_names_are_labelled_the_same():
    rows, pairs = labelled_names()
    assert (pairs.height, pairs["is_match"].sum()) == (264, 170)
    found = Matched(rows)
    assert found.links.filter(outcome="merged").is_empty(), "a name alone merges nobody"
    precision, recall = proposed_names(rows, pairs)
    assert precision >= 0.90 and recall >= 0.75, (precision, recall)
