"""Rows of an erased person as they are loaded, and that no column that tells of persons was forgotten."""

import re
from importlib import import_module

import pytest

from pipelines import erased
from pipelines.files.contract import read_contract
from pipelines.personal import tables
from tests.source_at_work import at_work
from tests.vendor_records import salesforce_records


def test_a_crm_that_sends_an_erased_lead_and_account_loads_them_without_the_person(tmp_path, monkeypatch):
    records = salesforce_records(4)
    with at_work("salesforce", records, tmp_path, monkeypatch, "accounts leads opportunities") as source:
        account, lead = records["Account"]["Id"][1], records["Lead"]["Id"][2]
        known = erased.Erased(b"k" * 32)
        for code, table, key in (("erased-00000001", "accounts", account), ("erased-00000002", "leads", lead)):
            known.add([code, "record", "0", known.hash_of_record("salesforce", table, "", key), *"..."])
        known.add(["erased-00000003", "text", "2", known.hash_of_words(["name", "3"]), *"..."])
        source.erased = known
        source.load()
        assert source.rows("select name, phone, billing_city from raw.accounts order by id") == [
            ("Name 0", "Phone 0", "BillingCity 0"),
            ("erased-00000001", None, "BillingCity 1"),
            ("Name 2", "Phone 2", "BillingCity 2"),
            ("erased-00000003", "Phone 3", "BillingCity 3"),
        ]
        assert source.rows("select email, company from raw.leads order by id")[2] == (None, "erased-00000002")
        assert source.rows("select sum(amount) from raw.opportunities") == [
            (sum(records["Opportunity"]["Amount"].to_list()),)
        ]


SOUNDS = re.compile(
    "name|mail|phone|street|address|website|domain|tax|postal|postcode|contact|description|note|reason|reference|"
    "external_document|sender|approver|salesperson|subject|comment|title"
)
# Sounds like a person's, and is none.
NOBODY = {
    "salesforce": "products.name opportunities.stage_name opportunity_history.stage_name",
    "business_central": "payment_terms.display_name items.display_name locations.display_name gl_accounts.display_name",
    "pipedrive": "organizations.address_locality organizations.address_admin_area_level_1 organizations.address_country"
    " organizations.erp_reference deal_stages.stage_name products.name leads.source_name pipelines.name stages.name"
    " lead_sources.name currencies.name field_options.field_name",
    "one_c": "organizations.description currencies.description warehouses.description units.description"
    " items.description",
    "s4hana": "tax_numbers.bp_tax_type business_partner_addresses.address_id business_partner_addresses.city_name"
    " company_codes.company_code_name product_descriptions.product_description"
    " sales_order_items.sales_document_rjcn_reason sales_orders.delivery_block_reason"
    " sales_orders.header_billing_block_reason delivery_items.reference_sd_document"
    " delivery_items.reference_sd_document_item billing_items.reference_sd_document"
    " billing_items.reference_sd_document_item journal_items.invoice_reference"
    " journal_items.invoice_reference_fiscal_year",
    "files": "locations.name products.name accounts.erp_reference deals.excluded_reason",
}


@pytest.mark.parametrize("system", NOBODY)
def test_every_column_that_sounds_like_a_person_s_is_declared(system):
    if system == "files":
        entities = read_contract().items()
        columns = [(name, field.name) for name, entity in entities for field in entity.fields if field.kind == "text"]
    else:
        streams = import_module(f"pipelines.sources.{system}").STREAMS
        every = [table for stream in streams for table in filter(None, (stream, stream.lines))]
        columns = [(table.name, column.name) for table in every for column in table.columns if column.type == "text"]
        columns += [(table.name, name) for table in every for name in table.extra]
    declared = {(name, column) for name, table in tables(system).items() for column in table.columns}
    known = {tuple(one.split(".")) for one in NOBODY[system].split()}
    assert declared <= {*columns}
    assert known <= {*columns}
    assert {one for one in columns if SOUNDS.search(one[1])} - declared - known == set()
