"""The Bank of Russia: official rates in roubles, for 1, 10, 100 … units. https://www.cbr.ru/development/SXML/"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import dlt

from pipelines.extraction import Broken, Page, Reading, Scope, Since, Stream, columns, resource
from pipelines.rate_tables import connected, first_day, no_keys, wanted

NEEDS = ()
ADDRESS = "https://www.cbr.ru/scripts"
DAILY = "XML_daily.asp"  # every currency on a day
DYNAMIC = "XML_dynamic.asp"  # every day of a currency
FEW_DAYS = 31  # so many days are fewer requests than there are currencies

STREAMS = [
    Stream(
        "exchange_rates",
        DYNAMIC,
        cursor="Date",
        narrowed_by="CURRENCIES START",
        columns=columns(text="id CharCode", int="Nominal", decimal="Value", date="Date"),
    )
]


@dlt.source(name="cbr", max_table_nesting=0)
def cbr(reading: Reading) -> Iterator[Any]:
    """A few days day by day, a longer time currency by currency: whichever is fewer requests."""
    bank = Bank(reading)
    for stream in STREAMS:
        if reading.wants(stream):
            yield resource(reading, stream, [Scope(bank.pages, no_keys)], bank.http)


class Bank:
    """What the bank is asked, and how."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.http = connected(reading, ADDRESS, lambda status, body: None)

    def pages(self, _: Stream, since: Since) -> Iterator[Page]:
        first, last = first_day(self.reading, since), self.reading.today
        days = (last - first).days + 1
        asked = self.days(first, days) if days <= FEW_DAYS else self.currencies(first, last)
        for records in asked:
            yield wanted(self.reading, records, "CharCode", "Date")

    def days(self, first: date, days: int) -> Iterator[list[dict[str, Any]]]:
        for number in range(days):
            yield self.table(first + timedelta(days=number))

    def currencies(self, first: date, last: date) -> Iterator[list[dict[str, Any]]]:
        """By the bank's own codes: ISO codes were given anew, these were not."""
        for currency in wanted(self.reading, self.table(last), "CharCode", "Date").records:
            span = {"date_req1": f"{first:%d/%m/%Y}", "date_req2": f"{last:%d/%m/%Y}"}
            rates = self.ask(DYNAMIC, {**span, "VAL_NM_RQ": currency["ID"]})
            yield [{"CharCode": currency["CharCode"], **rate} for rate in rates]

    def table(self, day: date) -> list[dict[str, Any]]:
        """The table that holds on a day: on Sundays and Mondays it is Saturday's."""
        return self.ask(DAILY, {"date_req": f"{day:%d/%m/%Y}"})

    def ask(self, name: str, params: dict[str, str]) -> list[dict[str, Any]]:
        return self.http.get(name, f"{self.http.base_url}/{name}", records, params=params)


def records(body: bytes) -> list[dict[str, Any]]:
    """The rates of either answer. It is windows-1251, and says so; its decimals have a comma."""
    try:
        root = ElementTree.fromstring(body)
    except (ElementTree.ParseError, ValueError) as error:
        raise Broken("the answer is not XML") from error
    if root.tag != "ValCurs" or (root.text or "").strip():
        raise Broken(f"the answer is not a table ({(root.text or root.tag).strip()[:100]})")
    return [_record(element, element.get("Date") or root.get("Date") or "") for element in root]


def _record(element: ElementTree.Element, day: str) -> dict[str, Any]:
    given = {child.tag: (child.text or "").strip() for child in element}
    try:
        iso = datetime.strptime(day, "%d.%m.%Y").date().isoformat()
        told = {"Date": iso, "Nominal": given["Nominal"], "Value": given["Value"].replace(",", ".")}
    except (ValueError, KeyError) as error:
        raise Broken(f"a rate without its day, units or value ({element.tag} of {day[:20]})") from error
    currency = {"ID": element.get("ID"), "CharCode": given["CharCode"]} if "CharCode" in given else {}
    return {**currency, **told}
