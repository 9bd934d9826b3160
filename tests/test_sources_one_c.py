"""1C's habits: pages without links, Cyrillic names, empty days, tables within documents, a clock without a zone."""

from datetime import datetime, timedelta
from decimal import Decimal
from importlib import import_module

import polars as pl
import pytest

from pipelines.envelope import split
from pipelines.failures import SourceFailed
from pipelines.raw_tables import names
from pipelines.sandbox.faults import Fault
from pipelines.sources.one_c import STREAMS
from pipelines.sources.one_c.asking import PAGE, error
from pipelines.sources.one_c.profiles import BP, PROFILES, UNF
from pipelines.streams import snake
from tests.one_c_records import records
from tests.source_at_work import TODAY, SourceAtWork, at_work, changed
from tests.vendor_records import guid

# A system of no demo company.
pytestmark = pytest.mark.long

ORDERS, SALES = "Document_ЗаказКлиента", "Document_РеализацияТоваровУслуг"


@pytest.fixture
def selling(tmp_path, monkeypatch):
    with at_work("one_c", records(5), tmp_path, monkeypatch, "sales") as source:
        yield source


@pytest.fixture
def firm(tmp_path, monkeypatch):
    with at_work("one_c", records(5), tmp_path, monkeypatch, "counterparties items") as source:
        yield source


def serve(source: SourceAtWork, **frames: pl.DataFrame) -> None:
    source.sandbox.records = {"one_c": source.sandbox.records.frames("one_c") | frames}


def asked_for(source: SourceAtWork, words: str) -> list[str]:
    return [path for _, path, _ in source.asked if words in path]


def test_cyrillic_names_become_ascii_columns_and_no_two_fields_share_one():
    assert snake("СуммаДокумента") == "summa_dokumenta"
    assert (snake("ИНН"), snake("СуммаНДС"), snake("Контрагент_Key")) == ("inn", "summa_nds", "kontragent_key")
    assert (snake("ВНаличииBalance"), snake("Щёчка"), snake("Объект")) == ("v_nalichii_balance", "shchyochka", "obekt")
    for stream in [one for each in STREAMS for one in (each, each.lines) if one]:
        assert all(name.isascii() and name for name in names(stream.columns).values()), stream.name


def test_pages_are_asked_for_by_number_until_one_is_empty_for_there_is_no_link(firm):
    # The server gives fewer than it was asked for: a short page is no end.
    firm.sandbox.page_rows = 2
    firm.load(page_rows="4")
    pages = asked_for(firm, "Catalog_Контрагенты")
    assert [page.rpartition("$skip=")[2] if "$skip" in page else "" for page in pages] == ["", "2", "4", "5"]
    assert all("$orderby=Ref_Key" in page and "$inlinecount" not in page for page in pages)
    assert len(firm.keys("counterparties", "ref_key")) == 5


def test_a_server_that_forgets_where_a_page_was_to_begin_ends_the_load_by_name(firm):
    firm.sandbox.faults = [Fault("page_repeated", entity="Catalog_Контрагенты", on=2, times=None)]
    with pytest.raises(SourceFailed, match="Catalog_Контрагенты: the pages lead in a circle"):
        firm.load(page_rows="2")


def test_a_mark_before_the_body_and_numbers_in_text_and_a_count_in_text_are_read(selling):
    selling.sandbox.vendors["one_c"].mark = b"\xef\xbb\xbf"
    selling.sandbox.faults = [Fault("fields", entity=SALES, value={"СуммаДокумента": '"150129.5"'}, times=None)]
    assert selling.load().quarantined == 0
    assert selling.rows("select max(summa_dokumenta) from raw.sales") == [(Decimal("150129.5"),)]
    assert split(b'{"odata.count":"7","value":[]}', PAGE).records == []


def test_documents_are_read_again_by_their_own_day_for_they_do_not_tell_when_they_changed(selling):
    selling.load()
    moved = changed(records(5)[SALES], 1, Posted=True, СуммаДокумента=77.0)
    serve(selling, **{SALES: moved})
    selling.load()
    assert selling.rows("select posted, summa_dokumenta from raw.sales order by date offset 1 limit 1") == [(True, 77)]
    (asked, *_) = asked_for(selling, "Date ge datetime'")
    assert "Date ge datetime'2024-12-05T08:50:00'" in asked, "400 days and ten minutes before the last one"
    assert "$orderby=Date,Ref_Key" in asked
    serve(selling, **{SALES: changed(moved, 0, СуммаДокумента=5.0)})
    selling.load(window_days="1")
    assert selling.rows("select summa_dokumenta from raw.sales order by date limit 1") == [(Decimal("0.25"),)]


def test_a_time_is_that_of_the_server_s_clock_and_its_zone_is_a_setting(selling):
    selling.load(time_zone="Europe/Warsaw", server_time_zone="Asia/Yekaterinburg")
    assert selling.rows("select min(date) from raw.sales") == [(datetime(2026, 1, 5, 4),)]
    selling.load(time_zone="Europe/Warsaw")


def test_empty_days_and_all_zero_references_come_as_they_are_and_break_nothing(tmp_path, monkeypatch):
    with at_work("one_c", records(5), tmp_path, monkeypatch, "orders") as source:
        assert source.load().quarantined == 0
        assert source.rows("select distinct year(data_otgruzki) from raw.orders order by 1") == [(1,), (2026,)]
        assert source.rows("select distinct data_otgruzki::text from raw.order_lines order by 1")[0] == ("0001-01-01",)


def test_lines_of_all_tables_of_a_document_come_with_it_and_say_of_which_they_are(selling):
    both = records(5)[SALES]
    lines = both["Товары"].to_list()
    # One that sells services only, one that sells both, one that sells nothing.
    goods = [[], lines[1], [], *lines[3:]]
    services = [lines[0], [{**lines[1][0], "LineNumber": "1", "Сумма": 9.0}], [], [], []]
    kind = both["Товары"].dtype
    serve(selling, **{SALES: both.with_columns(pl.Series("Товары", goods, kind), pl.Series("Услуги", services, kind))})
    selling.load()
    found = "select section, count(*), count(distinct ref_key) from raw.sale_lines group by 1 order by 1"
    assert selling.rows(found) == [("Товары", 3, 3), ("Услуги", 2, 2)]
    assert selling.rows("select count(distinct ref_key) from raw.sale_lines") == [(4,)]
    # The lines of a document are replaced together.
    serve(selling, **{SALES: both})
    selling.load()
    assert selling.rows("select section, count(*) from raw.sale_lines group by 1") == [("Товары", 5)]


def test_a_document_marked_for_deletion_is_gone_and_so_is_one_that_is_not_there_any_more(selling):
    selling.load()
    serve(selling, **{SALES: changed(records(5)[SALES], 0, DeletionMark=True)})
    selling.load()
    assert guid(0, "sales") not in selling.keys("sales", "ref_key") and len(selling.keys("sales", "ref_key")) == 4
    serve(selling, **{SALES: records(5)[SALES][1:4]})
    selling.load(TODAY + timedelta(days=1))
    assert selling.keys("sales", "ref_key") == [guid(n, "sales") for n in (1, 2, 3)]


def test_a_row_of_a_register_is_told_by_its_recorder_and_its_number(tmp_path, monkeypatch):
    costs = records(5)["AccumulationRegister_ВыручкаИСебестоимостьПродаж_RecordType"]
    same = costs.with_columns(Recorder=pl.lit(guid(1)), Recorder_Type=pl.lit("StandardODATA.Document_Закрытие"))
    given = {"AccumulationRegister_ВыручкаИСебестоимостьПродаж_RecordType": same}
    with at_work("one_c", given, tmp_path, monkeypatch, "sales_costs") as source:
        source.load()
        assert source.rows("select count(*), count(distinct record_key) from raw.sales_costs") == [(5, 5)]


def test_a_balance_is_asked_for_whole_by_its_dimensions(tmp_path, monkeypatch):
    with at_work("one_c", records(5), tmp_path, monkeypatch, "stock", page_rows=2) as source:
        source.load()
        (asked,) = source.asked
        assert "AccumulationRegister_ТоварыНаСкладах/Balance(Dimensions='Номенклатура,Склад')" in asked[1]
        assert "$top" not in asked[1] and "$skip" not in asked[1]
        assert source.rows("select count(*) from raw.stock") == [(5,)]


@pytest.mark.parametrize(("name", "profile"), [("bp", BP), ("unf", UNF)])
def test_a_profile_says_which_sets_and_fields_of_a_configuration_are_ours(tmp_path, monkeypatch, name, profile):
    given = {"counterparties", "items", "orders", "sales", "bank_receipts", "stock"}
    with at_work("one_c", records(5, profile), tmp_path, monkeypatch, " ".join(given)) as source:
        result = source.load(profile=name)
        fed = {row[0] for row in source.rows("select entity from raw.coverage where is_fed")}
        there = {one for one in given if one not in profile or profile[one].entity}
        assert there <= fed and not (given - there) & fed
        assert ("stock" in fed) == (name == "unf")
        assert all("not available: this configuration has no such set" in one for one in result.skipped)
        assert source.rows(
            "select count(valyuta_key), sum(summa) from raw.sales join raw.sale_lines using (ref_key)"
        ) == [(5, Decimal("11.25"))]


def test_a_configuration_nobody_knows_and_a_stream_nobody_has_are_said_at_once(firm):
    with pytest.raises(SourceFailed, match="PROFILE=zup is none of ut, bp, unf"):
        firm.load(profile="zup")
    with pytest.raises(SourceFailed, match="SETS names ordres, which is none of"):
        firm.load(sets="ordres=Document_Заказ")
    firm.load(sets="items=Catalog_Контрагенты")
    assert not asked_for(firm, "Catalog_Номенклатура")


def test_what_is_not_published_is_reported_and_the_rest_is_read(firm):
    firm.sandbox.faults = [Fault("not_found", entity="Catalog_Номенклатура", times=None)]
    assert firm.load().skipped == ["items: not available: it is not published or not in this configuration (8)"]
    assert len(firm.keys("counterparties", "ref_key")) == 5


def test_a_field_that_this_configuration_lacks_is_reported(firm):
    serve(firm, **{"Catalog_Контрагенты": records(5)["Catalog_Контрагенты"].drop("КПП")})
    assert firm.load().skipped == ["counterparties: not available: КПП"]


def test_errors_are_read_and_a_page_of_the_web_server_says_nothing():
    told = '{"odata.error":{"code":"9","message":{"lang":"ru","value":"Экземпляр не найден"}}}'.encode()
    assert error(told) == error(b"\xef\xbb\xbf" + told) == ("9", "Экземпляр не найден")
    assert error(b"<html>401</html>") == ("", "")


def test_every_profile_knows_only_streams_that_there_are():
    declared = {stream.name for stream in STREAMS}
    assert all(set(profile) <= declared for profile in PROFILES.values())
    assert import_module("pipelines.sources.one_c").ABOUT.kind == "erp"
