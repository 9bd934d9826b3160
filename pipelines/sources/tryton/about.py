"""How a Tryton is connected, and what to know of it."""

from pipelines.about import About

ABOUT = About(
    name="Tryton",
    kind="erp",
    interface="REST (series 7.4 and later; seen on 8.2)",
    user="A user of its own under Administration / Users / Users, in every company that is to be read, with a user"
    " application REST whose key is validated (on the user's preferences, tab Applications)",
    rights={
        "Sales": "sales, sale_lines, complaints; parties with addresses, contact_mechanisms and identifiers; products,"
        " employees, carriers",
        "Sale Opportunity": "opportunities with opportunity_lines and opportunity_stages",
        "Stock": "warehouses, shipments, shipment_returns, stock_moves",
        "Accounting": "invoices with invoice_lines, invoice_line_moves and invoice_payments; ledger_accounts,"
        " ledger_moves, ledger_lines",
    },
    settings={
        "BASE_URL": "address of the server: https://tryton.example.com",
        "DATABASE": "name of its database: firm",
        "KEY": "the validated key of the user application",
        "COMPANIES": "names of the companies to read, with commas between them; empty: all that the user may see",
    },
    history="Stages of opportunities come from the revisions that Tryton keeps of each. Sales have none: their days are"
    " those that the documents state.",
    deletes="The numbers of all records are compared once a day.",
    limits=(
        "Delivery to the customer is not recorded: what was shipped counts from the shipment's effective date.",
        "Payment terms and credit limits of parties are not read; what is due is read from the ledger.",
        "Stock levels and exchange rates are not read; an invoice carries the rate it was booked at.",
        "Goods that leave without a shipment, or straight from a supplier, are not read as shipments.",
        "A complaint does not say when it was closed: the moment of its last change stands for it.",
    ),
    page=1000,
    # The revisions of an opportunity, and it as it was at each of them: here one that was written once.
    requests={"opportunity_stages": 3001},
    few={"Range": "records=0-1"},
)
