"""The sandbox company that stands in for real systems when none is configured."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date

from pipelines.configuration import BANKS, Configuration, Source

# How the sandbox's vendors name the fields every company adds for itself.
FIELDS = {
    "comarch_xl": {"deal_attribute": "Deal in the CRM"},
    "enova365": {
        "deal_feature": "Deal in the CRM",
        "category_feature": "Category",
        "segment_feature": "Segment",
    },
    "hubspot": {
        "tax_id_field": "nip",
        "erp_reference_field": "erp_number",
        "order_reference_field": "order_number",
        "ticket_order_reference_field": "order_number",
        "ticket_invoice_reference_field": "invoice_number",
        # Searches are counted second by second; this portal answers nobody else.
        "searches_per_second": "1000",
    },
    "pipedrive": {
        "tax_id_field": "a" * 40,
        "website_field": "b" * 40,
        "erp_reference_field": "c" * 40,
        "industry_field": "d" * 40,
        "order_reference_field": "e" * 40,
        # Every deal has its history, and the sandbox is in no hurry to be left alone.
        "history": "changelog",
        "http__requests_per_second": "1000",
    },
    "salesforce": {
        "tax_id_field": "TaxId__c",
        "order_reference_field": "OrderNumber__c",
        "lost_reason_field": "LossReason__c",
        "quote_order_reference_field": "ErpOrder__c",
        "case_order_reference_field": "OrderNumber__c",
        "case_invoice_reference_field": "InvoiceNumber__c",
    },
}
# Nobody's limits are at stake on this machine.
UNPACED = {"http__requests_per_second": "1000"}
# Some weeks before the company's first day.
FIRST_RATES = "2023-10-01"


class Empty:
    """A company on its first day: it exists in all its systems, and nothing has happened."""

    def __init__(self, company: str, as_of: date) -> None:
        from pipelines.sandbox.companies import SIMULATED

        self._company = SIMULATED[company](as_of, 0.01)

    @property
    def exports(self) -> dict:
        return self._company.exports

    def records(self, system: str) -> dict:
        return {
            # Business Central's companies are the firm itself; HubSpot's are its customers.
            name: frame if (system, name) == ("business_central", "companies") else frame.clear()
            for name, frame in self._company.records(system).items()
        }


def facts(configuration: Configuration) -> dict[str, str]:
    """The company's own facts as CSV files, by name; an empty company has none."""
    from pipelines.sandbox.companies import SIMULATED

    if not configuration.sandbox_scale:
        return {}
    known = SIMULATED[configuration.company or "parts"](configuration.as_of, configuration.sandbox_scale).facts()
    return {f"{name}.csv": frame.write_csv() for name, frame in known.items()}


@contextmanager
def served(configuration: Configuration) -> Iterator[Configuration]:
    """The same configuration with its sources pointed at the sandbox, which runs as long as the block."""
    from pipelines.sandbox import files_folder  # numpy and polars, only for the sandbox
    from pipelines.sandbox.companies import SIMULATED
    from pipelines.sandbox.server import serve

    name, scale = configuration.company or "parts", configuration.sandbox_scale
    company = SIMULATED[name](configuration.as_of, scale) if scale else Empty(name, configuration.as_of)
    with serve(company) as sandbox, ExitStack() as folders:

        def told(name: str, system: str) -> dict[str, str]:
            if system == "files":
                folder = folders.enter_context(files_folder.written(company.records(name), company.exports[name]))
                return {"folder": str(folder), "time_zone": configuration.time_zone}
            of_banks = {"start": FIRST_RATES} if system in BANKS else {}
            known = sandbox.settings(system) | FIELDS.get(system, {}) | of_banks
            return known | {"time_zone": configuration.time_zone, **UNPACED}

        sources = tuple(
            Source(source.name, source.system, told(source.name, source.system)) for source in configuration.sources
        )
        yield replace(configuration, sources=sources)
