"""A firm in Tryton, from its first lead to its last payment. The server's own Python runs this, without us.

    python tryton_firm.py DATABASE CONFIGURATION TOLD

Days are known because the clock is set: every step is taken on its day at nine. What Tryton itself says of the firm in
the end is written to TOLD as JSON.
"""

import datetime as dt
import json
import os
import sys
from decimal import Decimal

from proteus import Model, Wizard
from proteus import config as proteus_config
from tryton_setting import Clock, Firm

MODULES = "sale_opportunity sale_complaint sale_shipment_cost account_payment account_invoice_stock"


def confirmed(sale):
    """Quoted, confirmed and under way."""
    for state, button in (("draft", "quote"), ("quotation", "confirm"), ("confirmed", "process")):
        if sale.state == state:
            sale.click(button)
    return sale


def shipped(sale, quantities=None) -> None:
    """What is ready of a sale leaves; of some products less than was planned."""
    sale.reload()
    (shipment,) = (one for one in sale.shipments if one.state != "done")
    for move in shipment.inventory_moves:
        move.quantity = (quantities or {}).get(move.product.id, move.quantity)
    shipment.save()
    for button in ("assign_force", "pick", "pack", "do"):
        shipment.click(button)


def invoiced(sale):
    """The invoice of a sale that is not posted yet, posted."""
    sale.reload()
    (invoice,) = (one for one in sale.invoices if one.state == "draft")
    invoice.click("post")
    return invoice


def paid(firm: Firm, invoice, amount: Decimal, day: dt.date) -> None:
    wizard = invoice.click("pay")
    wizard.form.amount, wizard.form.payment_method, wizard.form.date = amount, firm.method, day
    wizard.execute("choice")
    if wizard.state != "end":
        wizard.form.type = "partial"
        wizard.execute("pay")


def lead_to_cash(firm: Firm) -> None:
    """A lead becomes an order that is shipped and invoiced in two parts, paid in parts, and partly given back."""
    on, opportunities = firm.clock.on, Model.get("sale.opportunity")
    on(8, 24)
    common = {"employee": firm.employee}
    won = opportunities(description="Pumps", party=firm.nordwind, address=firm.nordwind.addresses[1], **common)
    won.amount = Decimal(1000)
    won.save()
    lost = opportunities(description="Valves", party=firm.kowalski, amount=Decimal(500), **common)
    lost.save()
    only_a_lead = opportunities(description="Asked once", party=firm.kowalski, **common)
    only_a_lead.save()
    on(9, 1)
    won.conversion_probability = 0.7
    won.click("opportunity")
    lost.click("opportunity")
    for product, quantity in ((firm.pump, 10), (firm.valve, 9)):
        line = won.lines.new()
        line.product, line.quantity = product, quantity
    won.save()
    on(9, 8)
    (sale,) = won.click("convert")
    sale.invoice_method, sale.shipment_method, sale.reference = "fulfillment", "order", "PO-4711"
    sale.carrier, sale.shipment_cost_method = firm.carrier, "shipment"
    sale.save()
    sale.click("quote")
    on(9, 10)
    confirmed(sale)
    lost.lost_reason = "Too expensive"
    lost.click("lost")
    on(9, 15)
    shipped(sale, {firm.pump.id: 6})
    on(9, 16)
    first = invoiced(sale)
    on(9, 22)
    shipped(sale)
    on(9, 23)
    second = invoiced(sale)
    paid(firm, first, first.total_amount, on(10, 7))
    paid(firm, second, Decimal(300), on(10, 14))
    credit = gives_back(firm, sale)
    day = on(10, 28)
    second.reload()
    paid(firm, second, second.amount_to_pay + credit.amount_to_pay, day)
    on(10, 30)
    offset(firm)


def gives_back(firm: Firm, sale):
    """One pump comes back and is credited."""
    firm.clock.on(10, 20)
    Wizard("sale.return_sale", [sale]).execute("return_")
    (back,) = Model.get("sale.sale").find([("state", "=", "draft")])
    for line in list(back.lines):
        if line.product.id == firm.pump.id:
            line.quantity = -1
        else:
            back.lines.remove(line)
    back.save()
    confirmed(back)
    firm.clock.on(10, 21)
    (goods,) = back.shipment_returns
    goods.click("receive")
    goods.click("do")
    firm.clock.on(10, 22)
    return invoiced(back)


def offset(firm: Firm) -> None:
    """What is left of the second invoice is settled with the credit note."""
    mine = [("party", "=", firm.nordwind.id), ("reconciliation", "=", None)]
    lines = Model.get("account.move.line").find([*mine, ("account", "=", firm.accounts["receivable"].id)])
    assert sum(line.debit - line.credit for line in lines) == 0
    Wizard("account.move.reconcile_lines", lines)


def without_a_deal(firm: Firm) -> None:
    """An order nobody spoke of before, invoiced before it is shipped, complained about and not paid in full."""
    on, sales = firm.clock.on, Model.get("sale.sale")
    on(10, 1)
    sale = sales(party=firm.kowalski, invoice_method="order", shipment_method="order")
    for product, quantity in ((firm.valve, 20), (firm.pump, 1)):
        line = sale.lines.new()
        line.product, line.quantity = product, quantity
    sale.save()
    confirmed(sale)
    on(10, 31)
    invoice = invoiced(sale)
    on(11, 2)
    shipped(sale)
    paid(firm, invoice, Decimal(100), on(11, 4))
    on(11, 5)
    complaint = complained(sale)
    on(11, 6)
    complaint.click("approve")
    complaint.reload()
    back = confirmed(complaint.actions[0].result)
    on(11, 9)
    invoiced(back)
    for button in ("", "cancel"):
        quote = sales(party=firm.kowalski)
        line = quote.lines.new()
        line.product, line.quantity = firm.valve, 4
        quote.save()
        quote.click("quote")
        if button:
            quote.click(button)


def complained(sale):
    kind = Model.get("sale.complaint.type")(name="Damaged")
    (kind.origin,) = Model.get("ir.model").find([("name", "=", "sale.sale")])
    kind.save()
    complaint = Model.get("sale.complaint")(customer=sale.party, type=kind, origin=sale)
    action = complaint.actions.new(action="sale_return")
    line = action.sale_lines.new()
    line.line, line.quantity = sale.lines[0], 3
    complaint.save()
    complaint.click("wait")
    return complaint


def told(key: str) -> dict:
    """What Tryton says of the firm."""
    invoices = Model.get("account.invoice").find([("type", "=", "out")])
    moves = Model.get("stock.move").find([("state", "=", "done"), ("origin", "like", "sale.line,%")])
    shipments = Model.get("stock.shipment.out").find([])
    return {
        "key": key,
        "sales": [
            [one.number, one.party.name, one.state, str(one.untaxed_amount), str(one.sale_date)]
            for one in Model.get("sale.sale").find([])
        ],
        "invoices": [
            [one.number, str(one.invoice_date), str(one.untaxed_amount), str(one.total_amount), str(one.amount_to_pay)]
            for one in invoices
        ],
        "payments": [
            [one.number, str(line.move.date), str(line.credit - line.debit)]
            for one in invoices
            for line in one.payment_lines
        ],
        "goods": [
            [
                one.product.code,
                str(one.effective_date),
                one.quantity * (1 if one.to_location.type == "customer" else -1),
                str(one.cost_price),
            ]
            for one in moves
        ],
        "freight": [[one.number, str(one.effective_date), str(one.cost_used)] for one in shipments],
    }


def main(database: str, configuration: str, path: str) -> None:
    os.environ.setdefault("TRYTOND_DATABASE_URI", "sqlite://")
    proteus_config.set_trytond(f"sqlite:///{database}", config_file=configuration)
    modules = Model.get("ir.module")
    modules.click(modules.find([("name", "in", MODULES.split())]), "activate")
    Wizard("ir.module.activate_upgrade").execute("upgrade")
    clock = Clock()
    firm = Firm(clock)
    lead_to_cash(firm)
    without_a_deal(firm)
    clock.end()
    with open(path, "w", encoding="utf-8") as file:
        json.dump(told(firm.key()), file)


if __name__ == "__main__":
    main(*sys.argv[1:])
