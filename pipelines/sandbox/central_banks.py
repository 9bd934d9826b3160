"""Three central banks as their clients see them: NBP's JSON, the Bank of Russia's XML in windows-1251, the ECB's XML.

Beside a company served are the tables of `published_rates` until its day; otherwise the sandbox's own records:
{"nbp": {"tables": frame of day, currency, rate}}, rates as the bank spells them.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines.sandbox import published_rates

STATUS = {"429": 429, "500": 500, "503": 503, "408": 408, "forbidden": 403, "not_found": 404, "token_refused": 401}
LONGEST_DAYS = 93
QUARTER_DAYS = 90
Tables = dict[date, dict[str, str]]


class Bank:
    """What the three have in common: their tables, and how they are in trouble."""

    def __init__(self, sandbox: Any, system: str) -> None:
        self.sandbox, self.system = sandbox, system

    def asked(self, path: str, _query: str) -> str | None:
        """What a request is about, in words that faults use; None if it is not for this bank."""
        found = path.removeprefix(f"/{self.system}/")
        return self.entity(found) if found != path else None

    def entity(self, path: str) -> str:
        return path

    def tables(self) -> Tables:
        source = self.sandbox.records.source
        if hasattr(source, "records"):
            return published_rates.tables(self.system, source.as_of)
        found: Tables = {}
        for frame in source.get(self.system, {}).values():
            for day, currency, rate in frame.select("day", "currency", "rate").rows():
                found.setdefault(day, {})[currency] = rate
        return dict(sorted(found.items()))

    @staticmethod
    def fault(kind: str) -> Response:
        if kind == "error_body":
            return Response("<Error>An internal error occurred</Error>", 200, media_type="text/xml")
        return Response(f"{kind} in plain words", STATUS.get(kind, 403), media_type="text/plain")


class Nbp(Bank):
    def __init__(self, sandbox: Any) -> None:
        super().__init__(sandbox, "nbp")

    def routes(self) -> list[Route]:
        return [Route("/nbp/exchangerates/tables/a/{first}/{last}/", self.between)]

    def entity(self, path: str) -> str:
        return "/".join(path.split("/")[:3])

    def between(self, request: Request) -> Response:
        first, last = (date.fromisoformat(request.path_params[name]) for name in ("first", "last"))
        if last < first or (last - first).days > LONGEST_DAYS:
            return plain(400, "400 BadRequest - Przekroczony limit 93 dni / Limit of 93 days has been exceeded")
        found = [(day, rates) for day, rates in self.tables().items() if first <= day <= last]
        if not found:
            return plain(404, "404 NotFound - Not Found - Brak danych")
        return Response("[" + ",".join(map(nbp_table, *zip(*found, strict=True))) + "]", media_type="application/json")


def nbp_table(day: date, rates: dict[str, str]) -> str:
    listed = ",".join(f'{{"currency":"{code.lower()}","code":"{code}","mid":{rate}}}' for code, rate in rates.items())
    number = f"{day.timetuple().tm_yday:03d}/A/NBP/{day.year}"
    return f'{{"table":"A","no":"{number}","effectiveDate":"{day}","rates":[{listed}]}}'


class Cbr(Bank):
    def __init__(self, sandbox: Any) -> None:
        super().__init__(sandbox, "cbr")

    def routes(self) -> list[Route]:
        return [Route("/cbr/XML_daily.asp", self.daily), Route("/cbr/XML_dynamic.asp", self.dynamic)]

    def daily(self, request: Request) -> Response:
        """The table that holds on the day: the last one set."""
        asked = russian(request.query_params["date_req"])
        day = max((day for day in self.tables() if day <= asked), default=None)
        listed = "".join(
            f'<Valute ID="R0{code}"><NumCode>000</NumCode><CharCode>{code}</CharCode><Nominal>{nominal(code)}</Nominal>'
            f"<Name>Валюта {code}</Name><Value>{rate.replace('.', ',')}</Value></Valute>"
            for code, rate in (self.tables()[day].items() if day else ())
        )
        return windows_1251(
            f'<ValCurs Date="{day or asked:%d.%m.%Y}" name="Foreign Currency Market">{listed}</ValCurs>'
        )

    def dynamic(self, request: Request) -> Response:
        first, last = (russian(request.query_params[name]) for name in ("date_req1", "date_req2"))
        code = request.query_params["VAL_NM_RQ"].removeprefix("R0")
        listed = "".join(
            f'<Record Date="{day:%d.%m.%Y}" Id="R0{code}"><Nominal>{nominal(code)}</Nominal>'
            f"<Value>{rates[code].replace('.', ',')}</Value></Record>"
            for day, rates in self.tables().items()
            if first <= day <= last and code in rates
        )
        return windows_1251(f'<ValCurs ID="R0{code}" name="Foreign Currency Market Dynamic">{listed}</ValCurs>')


def nominal(currency: str) -> int:
    return published_rates.units("cbr", currency)


def russian(text: str) -> date:
    return datetime.strptime(text, "%d/%m/%Y").date()


def windows_1251(body: str) -> Response:
    return Response(f'<?xml version="1.0" encoding="windows-1251"?>{body}'.encode("cp1251"), media_type="text/xml")


class Ecb(Bank):
    def __init__(self, sandbox: Any) -> None:
        super().__init__(sandbox, "ecb")

    def routes(self) -> list[Route]:
        return [
            Route("/ecb/eurofxref-hist.xml", self.since(lambda _last: date.min)),
            Route("/ecb/eurofxref-hist-90d.xml", self.since(lambda last: last - timedelta(days=QUARTER_DAYS))),
        ]

    def since(self, first: Callable[[date], date]) -> Callable[[Request], Response]:
        """The tables from a day on, newest first."""

        def served(_: Request) -> Response:
            tables = self.tables()
            begin = first(max(tables, default=date.max))
            cubes = "".join(ecb_cube(day, tables[day]) for day in sorted(tables, reverse=True) if day >= begin)
            names = 'xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"'
            names += ' xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref"'
            body = f"<gesmes:Envelope {names}><Cube>{cubes}</Cube></gesmes:Envelope>"
            return Response(f'<?xml version="1.0" encoding="UTF-8"?>{body}', media_type="text/xml")

        return served


def ecb_cube(day: date, rates: dict[str, str]) -> str:
    listed = "".join(f'<Cube currency="{code}" rate="{rate}"/>' for code, rate in rates.items())
    return f'<Cube time="{day}">{listed}</Cube>'


def plain(status: int, text: str) -> Response:
    return Response(text, status, media_type="text/plain")


BANKS = {"nbp": Nbp, "cbr": Cbr, "ecb": Ecb}
