"""Business Central's master data: customers, items, warehouses, terms, rates, the chart of accounts."""

import numpy as np
import polars as pl

from pipelines.sandbox import identifiers
from pipelines.sandbox.business import goods, names
from pipelines.sandbox.business.known_as import mistyped
from pipelines.sandbox.clock import DAY, NEVER, START, business_central_time, day_text, number
from pipelines.sandbox.parts import words

OPENING = (number(START) - 400) * DAY + 36_000
# number, name, category, subcategory
CHART = [
    ("11600", "Bank account PLN", "Assets", "Cash"),
    ("11700", "Bank account EUR", "Assets", "Cash"),
    ("14100", "Inventory", "Assets", "Inventory"),
    ("15110", "Customers, domestic", "Assets", "Accounts Receivable"),
    ("15120", "Customers, foreign", "Assets", "Accounts Receivable"),
    ("22100", "Suppliers", "Liabilities", "Accounts Payable"),
    ("25200", "Output VAT", "Liabilities", "Current Liabilities"),
    ("40100", "Sales of goods", "Income", "Income, Product Sales"),
    ("40200", "Sales of services", "Income", "Income, Services"),
    ("40300", "Allowances to customers", "Income", "Income, Product Sales"),
    ("50100", "Cost of goods sold", "Cost of Goods Sold", "Cost of Goods Sold"),
    ("61100", "Payment discounts granted", "Expense", "Other Expense"),
    ("61200", "Payment tolerance granted", "Expense", "Other Expense"),
    ("70100", "Realised exchange gains", "Income", "Other Income"),
    ("70200", "Realised exchange losses", "Expense", "Other Expense"),
    ("52100", "Freight paid to carriers", "Expense", "Other Expense"),
]


def vendor_enum(name: pl.Expr) -> pl.Expr:
    """OData writes a space in an enumeration value as _x0020_."""
    return name.str.replace_all(" ", "_x0020_", literal=True)


def seller_code() -> list[str]:
    return [(first[0] + last[:4]).upper() for first, last in words.SELLERS]


def customers(company) -> pl.DataFrame:
    known = company.customers.join(company.firms, on="firm", how="left", maintain_order="left")
    key = known["customer"].to_numpy()
    dice = company.dice
    second = pl.col("second") == 1
    form = pl.col("country").replace_strict(names.FORMS)
    long_form = pl.col("country").replace_strict(names.LONG_FORMS)
    full = pl.col("core_name") + " " + form
    shouted = pl.col("core_name").str.to_uppercase() + " " + long_form
    manner = pl.Series(dice.pick(key, "name in the ERP", 80, 20))
    name = pl.when(second).then(pl.col("core_name") + " - oddział").when(manner == 1).then(shouted).otherwise(full)
    tax = dice.pick(key, "tax id in the ERP", 92, 5, 3)
    tax = np.where((known["second"] == 1).to_numpy() & (tax == 0), dice.pick(key, "tax id, second", 60, 40), tax)
    blocked_day = np.where(
        dice.happens(key, "blocked", 0.015), number(START) + dice.whole(key, "day blocked", 30, 1500), NEVER
    )
    t_blocked = pl.Series(blocked_day * DAY + 15 * 3600)
    is_blocked = t_blocked <= company.now
    terms = pl.Series(identifiers.guids("payment terms", np.arange(len(words.TERMS))))
    mail = pl.lit("biuro@") + pl.when("has_domain").then("domain").otherwise("free_mail")
    return known.select(
        id=identifiers.guids("customer", key),
        number="number",
        displayName=name,
        type=pl.lit("Company"),
        addressLine1="street",
        addressLine2=pl.lit(""),
        city="town",
        state=pl.lit(""),
        country="country",
        postalCode="postcode",
        phoneNumber="phone",
        email=mail,
        website=pl.when("has_domain").then(pl.lit("www.") + pl.col("domain")).otherwise(pl.lit("")),
        taxRegistrationNumber=_tax_text(pl.Series(tax)),
        currencyCode="currency",
        paymentTermsId=terms.gather(known["terms"]),
        blocked=pl.when(is_blocked).then(pl.lit("All")).otherwise(pl.lit("_x0020_")),
        salespersonCode=pl.Series(seller_code()).gather(known["seller"]),
        creditLimit=(pl.col("weight") * 20).round() * 500.0,
        lastModifiedDateTime=business_central_time(pl.when(is_blocked).then(t_blocked).otherwise("t_opened")),
    ).sort("number")


def _tax_text(manner: pl.Series) -> pl.Expr:
    """The tax id as it was typed: right, missing, or with two digits the wrong way round."""
    right = pl.col("tax_id")
    return pl.when(manner == 0).then(right).when(manner == 1).then(pl.lit("")).otherwise(mistyped(right))


def payment_terms(company) -> pl.DataFrame:
    codes = [code for code, *_ in words.TERMS]
    frame = pl.DataFrame({"code": codes, "days": [days for _, days, _ in words.TERMS]})
    return frame.select(
        id=identifiers.guids("payment terms", np.arange(len(codes))),
        code="code",
        displayName=pl.lit("Net ") + pl.col("days").cast(pl.String) + " days",
        dueDateCalculation=pl.col("days").cast(pl.String) + "D",
        lastModifiedDateTime=business_central_time(pl.lit(OPENING) + pl.col("days")),
    ).sort("id")


def items(company) -> pl.DataFrame:
    known = company.items
    item = known["item"].to_numpy()
    today = company.now // DAY
    price, cost = goods.on_day(known, item, np.full(len(item), today))
    lists = [day for day, *_ in goods.price_lists(today)]
    changed = pl.lit(max(lists, default=0) * DAY + 8 * 3600)
    changed = pl.when("changes_price" if lists else pl.lit(False)).then(changed + pl.col("item")).otherwise(OPENING)
    stock = company.stock.group_by("item").agg(pl.col("left").sum())
    frame = known.join(stock, on="item", how="left", maintain_order="left")
    return frame.select(
        id=identifiers.guids("item", item),
        number="number",
        displayName="name",
        type=pl.when("is_service").then(pl.lit("Service")).otherwise(pl.lit("Inventory")),
        itemCategoryCode="family",
        baseUnitOfMeasureCode=pl.lit("PCS"),
        gtin=pl.lit("590") + (pl.col("item") + 1_000_000_000).cast(pl.String),
        unitPrice=pl.Series(price / 100),
        unitCost=pl.Series(cost / 100),
        inventory=pl.when("is_service").then(0).otherwise(pl.col("left").fill_null(0)),
        blocked=pl.lit(False),
        lastModifiedDateTime=business_central_time(changed),
    ).sort("number")


def locations(company) -> pl.DataFrame:
    frame = pl.DataFrame(words.WAREHOUSES, schema=["code", "name"], orient="row")
    return frame.select(
        id=identifiers.guids("location", np.arange(len(frame))),
        code="code",
        displayName="name",
        country=pl.lit("PL"),
        lastModifiedDateTime=business_central_time(pl.lit(OPENING) + pl.int_range(pl.len())),
    ).sort("code")


def exchange_rates(company) -> pl.DataFrame:
    known = company.rates.filter(pl.col("day") * DAY + 13 * 3600 <= company.now)
    return known.select(
        id=identifiers.guids("rate", known["day"].to_numpy()),
        currencyCode=pl.lit("EUR"),
        relationalCurrencyCode=pl.lit("PLN"),
        exchangeRateAmount=pl.lit(1),
        relationalExchangeRateAmount=pl.col("rate") / 10_000,
        startingDate=day_text(pl.col("day")),
        lastModifiedDateTime=business_central_time(pl.col("day") * DAY + 13 * 3600),
    ).sort("startingDate")


def accounts(company) -> pl.DataFrame:
    frame = pl.DataFrame(CHART, schema=["number", "displayName", "category", "subCategory"], orient="row")
    return frame.select(
        "number",
        "displayName",
        "subCategory",
        id=identifiers.guids("account", np.arange(len(frame))),
        category=vendor_enum(pl.col("category")),
        lastModifiedDateTime=business_central_time(pl.lit(OPENING) + pl.int_range(pl.len())),
    ).sort("number")
