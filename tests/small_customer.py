"""One customer of the small warehouse from the first call to the last payment, with a document of every kind."""

from datetime import date, datetime

ERP, CRM = "business_central", "salesforce"
MARKUP = "[Nova](http://x) *Co* <b>"


def rows(key: str = "nova", name: str = MARKUP, rule: str = "erp_reference", segment: str = "Chain", sold=True):
    """Two records joined by a rule; a late order, delivered, invoiced twice, paid once and late; an open deal."""
    customer = {"customer_key": key, "name": name, "tax_id": "PL5260001246", "owner_name": "Anna", "segment": segment}
    yield "canonical.customers", customer | {"city": "Poznań", "is_in_crm": True, "is_in_erp": True}
    for source, url in ((CRM, f"https://crm.invalid/{key}"), (ERP, "javascript:alert(1)")):
        account = {"account_key": f"{source}:{key}-account", "source": source, "name": f"{name} of {source}"}
        yield "canonical.accounts", account | {"source_url": url}
        match = {"account_key": account["account_key"], "customer_key": key, "source": source, "rule": rule}
        yield "canonical.account_matches", match | {"agreed": "name, city", "disagreed": "phone", "confidence": 0.97}
    if sold:
        yield from sales(key, name, segment)
    yield from crm(key, name)
    yield from order(key, name)
    yield from money(key, name)


def sales(key: str, name: str, segment: str):
    who = {"customer_key": key, "customer_name": name, "reporting_currency_code": "PLN"}
    month = {"month": date(2026, 10, 1), "segment": segment, "lines_counted": 2, "lines_missing_cost": 0}
    amounts = {"revenue_amount": 400, "revenue_with_cost_amount": 400, "cost_amount": 300, "cm1_amount": 100}
    yield "marts.customer_profitability", {"customer_profitability_key": key} | who | month | amounts
    for product, revenue, cost in (("Brake disc", 300, 150), ("Oil_filter", 100, 150)):
        line = {"profitability_line_key": f"{key}:{product}", "line_kind": "invoice_line", "product_key": product}
        line |= {"product_name": product, "category": "Parts", "posted_date": date(2026, 10, 10)}
        line |= {"revenue_amount": revenue, "revenue_with_cost_amount": revenue, "cm1_amount": revenue - cost}
        yield "marts.profitability_lines", line | who


def crm(key: str, name: str):
    account = {"account_key": f"{CRM}:{key}-account", "source": CRM}
    call = {"activity_key": f"{key}:call", "kind": "call", "happened_at": datetime(2026, 8, 3, 9)}
    yield "canonical.activities", account | call
    for status, made in (("won", datetime(2026, 8, 1)), ("open", datetime(2026, 11, 2))):
        deal = {"deal_key": f"{key}:{status}", "name": f"Deal {status}", "status": status, "amount": 700}
        yield "canonical.deals", account | deal | {"created_at": made, "currency_code": "PLN"}
    quote = {"quote_key": f"{key}:quote", "quote_number": "Q-1", "status": "Accepted", "net_amount": 400}
    yield "canonical.quotes", account | quote | {"created_at": datetime(2026, 8, 10), "currency_code": "PLN"}
    claim = {"ticket_key": f"{key}:claim", "kind": "claim", "reason": "Wrong part", "order_key": f"{key}:order"}
    yield "canonical.tickets", account | claim | {"opened_at": datetime(2026, 10, 20)}
    anchor = {"anchor_key": f"deal:{key}:open", "anchor_kind": "deal", "bucket": "open_deal", "deal_amount": 700}
    anchor |= {"deal_key": f"{key}:open", "deal_name": "Deal open", "stage": "Offer", "is_excluded": False}
    yield "marts.funnel_to_cash", anchor | {"customer_key": key, "customer_name": name, "is_won": False}


def order(key: str, name: str):
    """The late order with its delivery, and what leads to it and from it."""
    account = {"account_key": f"{ERP}:{key}-account", "source": ERP}
    made = {"order_key": f"{key}:order", "order_number": "SO-LATE", "status": "open", "net_amount": 400}
    made |= {"ordered_at": datetime(2026, 9, 1), "currency_code": "PLN", "source_url": "https://erp.invalid/SO-LATE"}
    yield "canonical.orders", account | made
    row = {"order_key": f"{key}:order", "order_number": "SO-LATE", "customer_key": key, "customer_name": name}
    row |= {"ordered_date": date(2026, 9, 1), "promised_date": date(2026, 9, 20), "current_stage": "payment"}
    row |= {"shipped_in_full_date": date(2026, 10, 9), "days_order_to_ship": 38, "is_open": True, "open_days": 81}
    row |= {"is_in_full_on_first_promised": False, "has_impossible_dates": False, "is_cancelled": False}
    yield "marts.order_cycle_time", row | {"order_amount": 400, "source": ERP}
    sent = {"shipment_key": f"{key}:shipment", "shipment_number": "SH-1", "shipped_at": datetime(2026, 10, 9, 10)}
    yield "canonical.shipments", account | sent | {"created_at": datetime(2026, 10, 8)}
    for start, end, guessed in (
        (("deals", f"{key}:won"), ("quotes", f"{key}:quote"), False),
        (("quotes", f"{key}:quote"), ("orders", f"{key}:order"), True),
        (("orders", f"{key}:order"), ("shipments", f"{key}:shipment"), False),
        (("shipments", f"{key}:shipment"), ("invoices", f"{key}:paid"), False),
        (("invoices", f"{key}:paid"), ("payments", f"{key}:payment"), False),
        (("invoices", f"{key}:elsewhere"), ("payments", f"{key}:payment"), False),
    ):
        link = {"from_entity": start[0], "from_key": start[1], "to_entity": end[0], "to_key": end[1]}
        yield "canonical.thread", link | {"thread_key": f"{start} {end}", "is_guessed": guessed}


def money(key: str, name: str):
    """One invoice paid eight days late, one overdue for 12 days, one not due, one that credit settled."""
    account = {"account_key": f"{ERP}:{key}-account", "source": ERP, "currency_code": "PLN"}
    for code, issued, due, left, late in (
        ("paid", date(2026, 10, 10), date(2026, 10, 24), 0, 0),
        ("overdue", date(2026, 10, 26), date(2026, 11, 9), 100, 12),
        ("young", date(2026, 11, 10), date(2026, 11, 24), 50, -3),
        ("credited", date(2026, 10, 11), date(2026, 10, 25), 0, 0),
    ):
        made = {"invoice_key": f"{key}:{code}", "invoice_number": f"FV-{code}", "issued_date": issued, "due_date": due}
        yield "canonical.invoices", account | made | {"kind": "invoice", "gross_amount": 123}
        row = made | {"invoice_kind": "invoice", "customer_key": key, "customer_name": name, "gross_amount": 123}
        row |= {"open_amount": left, "open_reporting_amount": left, "days_overdue": late, "source": ERP}
        yield "marts.receivables", row | {"currency_code": "PLN", "reporting_currency_code": "PLN"}
    paid = {"payment_key": f"{key}:payment", "amount": 123, "paid_date": date(2026, 11, 1)}
    yield "canonical.payments", account | paid
    settled = {"settlement_key": key, "invoice_key": f"{key}:paid", "kind": "payment", "amount": 123}
    yield "marts.settlements", settled | {"paid_date": date(2026, 11, 1)}
    habit = {"customer_key": key, "agreed_terms_days": 14, "median_days_late": 8, "p90_days_late": 12}
    yield "marts.payment_behaviour", habit | {"is_too_few": False, "days_late_change": 3}
