"""How S/4HANA is asked: what changed, what is open, what of the ledger, page by page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipelines.extraction import Broken, Envelope, Http, Options, Page, Since, SourceFailed, Stream, follow
from pipelines.odata import all_of, day, offset, quoted, with_expanded

# Lists, lists without their wrapping, and a record alone: the services are not of one hand.
ALONE = Envelope("d", "__next", single=True)
UNWRAPPED = Envelope("d", "__next", count="__count", skip="$skip", otherwise=ALONE)
PAGE = Envelope("d results", "d __next", count="d __count", skip="$skip", otherwise=UNWRAPPED)
HEADERS = {"Accept": "application/json"}
GATEWAY = "sap/opu/odata/sap"
LEDGER = "journal_items"
KEYS_AT_ONCE = 20
# Days are the server's, and a document may be changed on the day it was read, later.
DAYS_BEFORE = timedelta(days=1)


@dataclass(frozen=True)
class Questions:
    """The questions of one load; every method answers with pages."""

    http: Http
    options: Options
    today: date

    def changed(self, stream: Stream, since: Since) -> Iterator[Page]:
        if not isinstance(since, datetime):
            yield from self.whole(stream)
            return
        yield from self._ask(stream, all_of((self._narrowed(stream), f"({changes(stream, since)})")))
        if stream.reread:
            yield from self._ask(stream, all_of((self._narrowed(stream), stream.reread)))

    def whole(self, stream: Stream) -> Iterator[Page]:
        """Everything; the ledger a month at a time, for a question about all of it is not answered in time."""
        if stream.name != LEDGER:
            yield from self._ask(stream, self._narrowed(stream))
            return
        yield from self._ask(stream, all_of((self._narrowed(stream), f"PostingDate lt {_day(self._start)}", OPEN)))
        for first, after in months(self._start, self.today):
            within = f"PostingDate ge {_day(first)}" + (f" and PostingDate lt {_day(after)}" if after else "")
            yield from self._ask(stream, all_of((self._narrowed(stream), within)))

    def some(self, stream: Stream, keys: list[str]) -> Iterator[Page]:
        """The rows of these keys."""
        names = stream.key_parts
        for first in range(0, len(keys), KEYS_AT_ONCE):
            wanted = (zip(names, key.split("/"), strict=True) for key in keys[first : first + KEYS_AT_ONCE])
            each = (" and ".join(f"{name} eq {quoted(part)}" for name, part in parts) for parts in wanted)
            yield from self._ask(stream, " or ".join(f"({one})" for one in each))

    @property
    def _start(self) -> date:
        said = self.options.text("START")
        try:
            return date.fromisoformat(said) if said else date(self.today.year - 3, 1, 1)
        except ValueError:
            raise SourceFailed(self.options.source, "", f"START={said} is not a day; 2024-01-01 is one") from None

    def _narrowed(self, stream: Stream) -> str:
        if stream.name == "sales_order_partners":
            return f"PartnerFunction eq {quoted(self.options.text('SELLER_FUNCTION', 'VE'))}"
        if stream.name != LEDGER:
            return ""
        codes = self.options.text("COMPANY_CODES").replace(",", " ").split()
        companies = " or ".join(f"CompanyCode eq {quoted(code)}" for code in codes)
        return all_of(("FinancialAccountType eq 'D'", f"({companies})" if companies else ""))

    def _ask(self, stream: Stream, condition: str) -> Iterator[Page]:
        own = [column.field for column in stream.columns if not column.of]
        path = stream.lines.api if stream.lines else ""
        given = {
            "$filter": condition,
            "$select": ",".join([*own, *([path.partition("/")[0]] if path else [])]),
            "$expand": path,
            "$orderby": ",".join(stream.parts(stream.key or "")),
            "$top": f"{self.options.number('PAGE_ROWS', 1000):.0f}",
            "$inlinecount": "allpages",
        }
        params = {name: value for name, value in given.items() if value}
        address = f"{self.http.base_url}/{GATEWAY}/{stream.api}/{stream.entity}"
        for page in follow(self.http, stream.entity, PAGE, address, params, HEADERS):
            try:
                yield with_expanded(page, stream.lines.entity, path) if stream.lines else page
            except Broken as broken:
                raise SourceFailed(self.http.source, stream.entity, str(broken)) from None


OPEN = "IsCleared eq false"


def changes(stream: Stream, since: datetime) -> str:
    """One of the dates says so: LastChangeDate may be later than LastChangeDateTime, and null before a first change."""
    here = {column.field for column in stream.columns}
    dated = [name for name in ("LastChangeDate", "CreationDate", "PostingDate", "ClearingDate") if name in here]
    conditions = [f"{name} ge {day(since - DAYS_BEFORE)}" for name in dated]
    if "LastChangeDateTime" in here:
        conditions.insert(0, f"LastChangeDateTime ge {offset(since)}")
    return " or ".join(conditions)


def months(start: date, today: date) -> Iterator[tuple[date, date | None]]:
    """The first day of each month from a day on, with the first day after it; the last one has no end."""
    first = start
    while first <= today:
        after = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield first, after if after <= today else None
        first = after


def _day(given: date) -> str:
    return day(datetime(given.year, given.month, given.day))
