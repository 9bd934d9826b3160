"""Who is who: when accounts become one customer, when people are asked, and when they stay apart."""

import polars as pl
import pytest

from tests.who import Matched, accounts

ABC = """
account_key,name,tax_id,country_code
crm:1,ABC Sp. z o.o.,{one},PL
erp:2,ABC-SZOOO,{two},PL
shop:3,ABC spółka z ograniczoną odpowiedzialnością,{three},PL
"""
RIGHT, ALSO_RIGHT, MISTYPED = "5260250274", "7740001454", "5260250275"


def abc(one: str = "", two: str = "", three: str = "") -> pl.DataFrame:
    return accounts(ABC.format(one=one, two=two, three=three))


def test_three_spellings_of_one_tax_id_are_one_customer():
    found = Matched(abc("526-025-02-74", f"PL{RIGHT}", RIGHT))
    assert found.customer("crm:1") == {"crm:1", "erp:2", "shop:3"}
    assert set(found.links["rule"]) <= {"tax_id", "scored"}


def test_three_spellings_of_one_name_and_nothing_else_are_proposed_never_merged():
    found = Matched(abc())
    assert found.customers["cluster_key"].n_unique() == 3
    assert found.pair("crm:1", "erp:2") == ("proposed", "scored", "name_only")


def test_two_firms_of_one_name_with_their_own_tax_ids_stay_apart_and_nobody_is_asked():
    found = Matched(abc(RIGHT, ALSO_RIGHT))
    assert found.customer("crm:1") == {"crm:1"}
    assert found.pair("crm:1", "erp:2") == ("apart", "scored", "tax_ids_differ")


def test_a_mistyped_tax_id_joins_nobody():
    found = Matched(abc(MISTYPED, MISTYPED))
    assert found.pair("crm:1", "erp:2") == ("proposed", "scored", "name_only")


SHOPS = """
account_key,name,tax_id,country_code,city,postcode,phone,website_domain,erp_reference
crm:a,Delta Motors,,PL,Łódź,90-001,,,{reference}
erp:A,Delta Motors,{tax_id},PL,Łódź,{postcode},{phone},,
erp:B,{other},{other_tax_id},PL,{city},90-001,42 630 11 22,,
"""


def shops(**given: str) -> pl.DataFrame:
    nothing = dict.fromkeys(("reference", "tax_id", "phone", "postcode", "other_tax_id"), "")
    return accounts(SHOPS.format_map(nothing | {"other": "Omega", "city": "Gdynia"} | given))


def test_a_name_that_only_one_firm_bears_and_the_town_are_enough_where_the_name_is_common_they_are_not():
    assert Matched(shops()).pair("crm:a", "erp:A") == ("merged", "scored", None)
    assert Matched(shops(other="Delta Motors")).pair("crm:a", "erp:A") == ("proposed", "scored", "common_name")


@pytest.mark.parametrize("name", ["Delta Motrs", "Motors Delta", "Delta Motors spółka jawna"])
def test_beside_a_town_a_name_with_a_slip_or_another_legal_form_is_not_enough_beside_a_telephone_it_is(name):
    rows = accounts(f"""
        account_key,name,country_code,city,phone
        crm:a,Delta Motors sp. z o.o.,PL,Łódź,426301122
        erp:A,{name},PL,Łódź,
        shop:A,{name},PL,,426301122
    """)
    town, telephone = (Matched(rows.filter(pl.col("account_key") != left)) for left in ("shop:A", "erp:A"))
    assert town.customer("crm:a") == {"crm:a"}
    assert telephone.customer("crm:a") == {"crm:a", "shop:A"}


def test_an_erp_number_in_the_crm_is_believed_unless_names_and_tax_ids_both_contradict():
    found = Matched(shops(reference="B"))
    assert found.pair("crm:a", "erp:B") == ("merged", "erp_reference", None)
    assert '"erp_reference":["B","B"]' in found.links.filter(rule="erp_reference")["evidence"].item()
    wrong = shops(reference="B", other_tax_id=ALSO_RIGHT).with_columns(
        tax_id=pl.when(pl.col("account_key") == "crm:a").then(pl.lit(RIGHT)).otherwise("tax_id")
    )
    assert Matched(wrong).pair("crm:a", "erp:B") == ("proposed", "erp_reference", "tax_ids_differ")


def test_two_names_in_one_building_are_two_firms_with_one_telephone_too_somebody_is_asked():
    rows = accounts("""
        account_key,name,country_code,street,postcode,city,phone
        crm:a,Delta Motors,PL,Lipowa 7,90-001,Łódź,426301122
        erp:A,Omega,PL,Lipowa 7,90-001,Łódź,
        shop:A,Omega,PL,Lipowa 7,90-001,Łódź,426301122
    """)
    found = Matched(rows)
    assert found.pair("crm:a", "erp:A") is None
    assert found.pair("crm:a", "shop:A") == ("proposed", "scored", "not_sure_enough")


def test_records_that_are_none_never_merge_by_score():
    rows = shops(postcode="90-001", other="Omega").with_columns(
        name=pl.when(pl.col("account_key") == "erp:B").then(pl.lit("Omega")).otherwise(pl.lit("XXX"))
    )
    assert Matched(rows).links.is_empty()


def test_of_decisions_about_two_accounts_the_latest_counts_and_of_equal_ones_the_careful_one():
    same, different = "crm:a,erp:B,same,ola,2026-03-01,asked\n", "erp:B,crm:a,different,jan,2026-03-02T08:00:00Z,no\n"
    assert Matched(shops(), same).pair("crm:a", "erp:B") == ("merged", "decision", None)
    assert Matched(shops(), same + different).pair("crm:a", "erp:B") == ("apart", "decision", "decided_different")
    at_once = different.replace("2026-03-02T08:00:00Z", "2026-03-01")
    assert Matched(shops(), same + at_once).customer("crm:a") == {"crm:a", "erp:A"}


def test_a_parent_is_another_customer():
    found = Matched(shops(), "crm:a,erp:A,parent,ola,2026-03-01,holding\n")
    assert found.pair("crm:a", "erp:A") == ("apart", "decision", "decided_different")
    assert found.customer("crm:a") == {"crm:a"}


THREE = """
account_key,name,country_code,phone,postcode,tax_id
crm:a,Delta Motors,PL,426301122,90-001,{a}
erp:b,Delta Motors,PL,426301122,90-001,{b}
shop:c,Delta Motors,PL,426301122,90-001,{c}
"""


def test_a_decision_splits_a_wrong_merge_also_where_a_third_account_ties_the_two():
    rows = accounts(THREE.format(a="", b="", c=""))
    assert len(Matched(rows).customer("crm:a")) == 3
    found = Matched(rows, "crm:a,erp:b,different,ola,2026-03-01,two brothers\n")
    assert found.customer("crm:a") != found.customer("erp:b")
    assert found.customers["cluster_key"].n_unique() == 2


def test_an_account_between_two_firms_belongs_to_neither_until_somebody_says():
    rows = accounts(THREE.format(a=RIGHT, b=ALSO_RIGHT, c=""))
    found = Matched(rows)
    assert found.customers["cluster_key"].n_unique() == 3
    assert found.pair("crm:a", "shop:c") == found.pair("erp:b", "shop:c") == ("proposed", "scored", "in_conflict")
    said = Matched(rows, "shop:c,erp:b,same,ola,2026-03-01,asked\n")
    assert said.customer("erp:b") == {"erp:b", "shop:c"} and said.customer("crm:a") == {"crm:a"}


def test_a_chain_of_likenesses_never_ties_two_tax_ids_together():
    rows = accounts(f"""
        account_key,name,country_code,tax_id,phone,website_domain
        crm:a,Delta Motors,PL,{RIGHT},426301122,
        erp:b,Delta Motors,PL,,426301122,delta.pl
        shop:c,Delta Motors,PL,,223304455,delta.pl
        wms:d,Delta Motors,PL,{ALSO_RIGHT},223304455,
    """)
    found = Matched(rows)
    assert found.customer("crm:a") != found.customer("wms:d")
    assert {"erp:b", "shop:c"} <= found.customer("crm:a") | found.customer("wms:d"), "the weakest link gives way"
    assert found.customers["cluster_key"].n_unique() == 2


def test_two_tax_ids_are_one_firm_where_somebody_said_so():
    rows = accounts(THREE.format(a=RIGHT, b=ALSO_RIGHT, c=""))
    found = Matched(rows, "crm:a,erp:b,same,ola,2026-03-01,taken over\n")
    assert found.customer("crm:a") == {"crm:a", "erp:b", "shop:c"}


def test_where_a_system_has_no_firm_twice_two_of_its_accounts_that_compete_are_both_proposed():
    rows = accounts(THREE.format(a="", b="", c="").replace("shop:c", "erp:c"))
    assert len(Matched(rows).customer("crm:a")) == 3, "elsewhere one firm may have several accounts"
    found = Matched(rows, duplicate_free=("erp",))
    assert found.customers["cluster_key"].n_unique() == 3
    assert found.pair("crm:a", "erp:b") == found.pair("crm:a", "erp:c") == ("proposed", "scored", "one_to_one")


def test_a_stronger_rule_decides_which_of_two_competing_accounts_it_is():
    rows = accounts(THREE.format(a=RIGHT, b=RIGHT, c="").replace("shop:c", "erp:c"))
    found = Matched(rows, duplicate_free=("erp",))
    assert found.customer("crm:a") == {"crm:a", "erp:b"}
    assert found.pair("crm:a", "erp:c") == ("proposed", "scored", "one_to_one")


def test_branches_of_a_russian_firm_are_one_customer():
    rows = accounts("""
        account_key,name,country_code,tax_id
        crm:a,ООО Ромашка,RU,7707083893/773601001
        erp:b,Ромашка филиал в Казани,RU,7707083893/165502001
    """)
    assert Matched(rows).pair("crm:a", "erp:b") == ("merged", "tax_id", None)


def test_the_same_accounts_in_any_order_give_the_same_bytes():
    rows = accounts(THREE.format(a=RIGHT, b="", c=""))
    rows = pl.concat([rows, shops().with_columns(account_key=pl.col("account_key") + "2")])
    told = Matched(rows).links.write_csv()
    for order in range(3):
        assert Matched(rows.sample(fraction=1, shuffle=True, seed=order)).links.write_csv() == told


@pytest.mark.parametrize("kept", [0, 1])
def test_a_firm_with_no_account_or_only_one_has_nothing_to_match(kept):
    found = Matched(shops().head(kept))
    assert found.links.is_empty() and found.customers.height == kept


def test_each_pair_tells_what_agrees_what_differs_and_what_the_two_say():
    rows = shops(postcode="90-002", phone="42 630 11 22")
    [told] = Matched(rows).links.filter(account_key="crm:a").to_dicts()
    assert (told["agreed"], told["disagreed"]) == ("name, city, country", "postcode")
    assert '"postcode":["90001","90002"]' in told["evidence"].replace("-", "")
    assert told["score"] > 0 and 0 < told["confidence"] <= 1


def test_an_erp_number_is_looked_for_in_the_erps_not_in_another_crm():
    rows = accounts("""
        account_key,name,country_code,erp_reference
        crm:1,Alfa Meble,PL,101
        hub:101,Zeta Bank,DE,
        erp:101,Alfa-Meble sp. z o.o.,PL,
        """)
    found = Matched(rows, erps=("erp",))
    assert found.customer("crm:1") == {"crm:1", "erp:101"}
    assert Matched(rows.filter(pl.col("account_key") != "erp:101"), erps=("erp",)).links.is_empty()


def test_a_number_that_the_erps_of_two_companies_gave_out_is_that_of_the_crm_s_own_company():
    rows = accounts("""
        account_key,name,country_code,erp_reference
        north_crm:a,Alfa,PL,101
        other_crm:b,Beta,PL,102
        north_erp:101,Gamma,PL,
        south_erp:101,Delta,PL,
        south_erp:102,Omega,PL,
    """)
    systems = {"erps": ("north_erp", "south_erp")}
    whose = (("north_crm", "north"), ("north_erp", "north"), ("south_erp", "south"))
    assert Matched(rows, **systems, companies=whose).pair("north_crm:a", "north_erp:101")[:2] == (
        "merged", "erp_reference"
    )  # fmt: skip
    assert Matched(rows, **systems).pair("north_crm:a", "north_erp:101") is None, "either of the two may be meant"
    south = (("other_crm", "north"), *whose[1:])
    assert Matched(rows, **systems, companies=south).pair("other_crm:b", "south_erp:102") is None


def test_a_decision_without_a_word_decides_nothing():
    rows = accounts("account_key,name,tax_id,country_code\ncrm:1,Alfa,5260250274,PL\nerp:1,Omega,7740001454,PL")
    assert Matched(rows, "crm:1,erp:1,,anna,2026-11-01,not sure\n").links.is_empty()


def test_who_is_kept_apart_from_one_wrong_account_stays_with_the_right_ones():
    rows = accounts("""
        account_key,name,tax_id,country_code
        a:1,Wrong,5260250274,PL
        b:1,Right,5260250274,PL
        c:1,Korrekt,5260250274,PL
        """)
    kept = "a:1,b:1,different,anna,2026-11-01,\na:1,c:1,different,anna,2026-11-01,\n"
    assert Matched(rows, kept).customer("b:1") == {"b:1", "c:1"}


def test_a_name_and_a_town_are_not_enough_where_the_postcodes_differ():
    rows = accounts("""
        account_key,name,country_code,city,postcode
        crm:1,Auto Serwis Sp. z o.o.,PL,Warszawa,00-001
        erp:1,Auto Serwis Sp. z o.o.,PL,Warszawa,04-999
        """)
    assert Matched(rows).pair("crm:1", "erp:1") == ("proposed", "scored", "name_only")
