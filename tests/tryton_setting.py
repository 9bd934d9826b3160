"""A firm in Tryton before anything is sold: company, ledger, products on the shelf, parties, a carrier, a clock."""

import datetime as dt
from decimal import Decimal

import time_machine
from proteus import Model

COMPANY, NORDWIND, KOWALSKI = "Huta Meble", "Nordwind GmbH", "Kowalski sp. z o.o."
YEAR = 2026


class Clock:
    def __init__(self) -> None:
        self.travel = None

    def on(self, month: int, day: int) -> dt.date:
        self.end()
        moment = dt.datetime(YEAR, month, day, 9, tzinfo=dt.UTC)
        self.travel = time_machine.travel(moment, tick=True)
        self.travel.start()
        return moment.date()

    def end(self) -> None:
        if self.travel:
            self.travel.stop()
        self.travel = None


class Firm:
    """What is there before anything is sold."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        clock.on(8, 3)
        self.company, self.accounts = made_company()
        self.category = self._category()
        self.unit = Model.get("product.uom").find([("name", "=", "Unit")])[0]
        self.countries = {code: self._saved("country.country", name=code, code=code) for code in ("PL", "DE")}
        self.term = self._term()
        self.pump = self.product("P-100", "Pump", "100", "62.50")
        self.valve = self.product("V-25", "Valve", "25", "11.20")
        freight = self.product("FR", "Freight", "25", "15", "service")
        self.nordwind = self.party(NORDWIND, "DE", "DE136695976", addresses=2)
        self.nordwind.sale_shipment_cost_method = "shipment"
        self.nordwind.save()
        self.kowalski = self.party(KOWALSKI, "PL")
        self.carrier = self._saved("carrier", party=self.party("Kurier", "DE"), carrier_product=freight)
        self._saved("carrier.selection", carrier=self.carrier)
        person = self._saved("party.party", name="Ewa Sprzedaż")
        self.employee = self._saved("company.employee", party=person, company=self.company)
        cash = Model.get("account.journal").find([("type", "=", "cash")])[0]
        drawer = {"credit_account": self.accounts["cash"], "debit_account": self.accounts["cash"]}
        self.method = self._saved("account.invoice.payment.method", name="Bank", journal=cash, **drawer)
        for product, quantity in ((self.pump, 50), (self.valve, 100)):
            self._supply(product, quantity)

    @staticmethod
    def _saved(model: str, **values):
        record = Model.get(model)(**values)
        record.save()
        return record

    def _category(self):
        from trytond.modules.account.tests.tools import create_tax

        tax = create_tax(Decimal("0.23"))
        tax.save()
        category = Model.get("product.category")(name="Goods", accounting=True)
        category.account_revenue, category.account_expense = self.accounts["revenue"], self.accounts["expense"]
        category.customer_taxes.append(tax)
        category.save()
        return category

    def _term(self):
        term = Model.get("account.invoice.payment_term")(name="30 days")
        term.lines.new(type="remainder").relativedeltas.new(days=30)
        term.save()
        return term

    def product(self, code: str, name: str, price: str, cost: str, kind: str = "goods"):
        template = self._saved(
            "product.template",
            name=name,
            default_uom=self.unit,
            type=kind,
            salable=True,
            list_price=Decimal(price),
            account_category=self.category,
            lead_time=dt.timedelta(0),
        )
        (product,) = template.products
        product.suffix_code, product.cost_price = code, Decimal(cost)
        product.save()
        return product

    def party(self, name: str, country: str, vat: str = "", addresses: int = 1):
        party = Model.get("party.party")(name=name, customer_payment_term=self.term)
        first = party.addresses[0]
        first.country, first.street, first.city = self.countries[country], "Main Street 1", "First City"
        for number in range(1, addresses):
            other = party.addresses.new()
            other.country, other.street, other.city = self.countries[country], f"Lager {number}", "Second City"
        party.contact_mechanisms.new(type="email", value=f"office@{name.split()[0].lower()}.example")
        if vat:
            party.identifiers.new(type="eu_vat", code=vat)
        party.save()
        return party

    def _supply(self, product, quantity: float) -> None:
        locations = Model.get("stock.location")
        supplier, storage = (locations.find([("code", "=", code)])[0] for code in ("SUP", "STO"))
        move = self._saved(
            "stock.move",
            product=product,
            quantity=quantity,
            from_location=supplier,
            to_location=storage,
            unit_price=product.cost_price,
            currency=self.company.currency,
        )
        move.click("do")

    def key(self) -> str:
        (admin,) = Model.get("res.user").find([("login", "=", "admin")])
        return self._saved("res.user.application", user=admin, application="rest").key


def made_company():
    from trytond.modules.account.tests.tools import create_chart, create_fiscalyear, get_accounts
    from trytond.modules.account_invoice.tests.tools import set_fiscalyear_invoice_sequences
    from trytond.modules.company.tests.tools import create_company, get_company
    from trytond.modules.currency.tests.tools import get_currency

    get_currency("PLN")
    party = Model.get("party.party")(name=COMPANY)
    party.save()
    create_company(party=party, currency="PLN")
    create_chart()
    year = create_fiscalyear(today=(dt.date(YEAR, 1, 1), dt.date(YEAR, 12, 31)))
    set_fiscalyear_invoice_sequences(year).click("create_period")
    return get_company(), get_accounts()
