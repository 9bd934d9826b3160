"""What S/4HANA says of itself to whoever connects it."""

from pipelines.about import About

ABOUT = About(
    name="SAP S/4HANA",
    kind="erp",
    interface="OData V2 (API_BUSINESS_PARTNER, API_PRODUCT_SRV, API_SALES_ORDER_SRV, API_OUTBOUND_DELIVERY_SRV;v=0002,"
    " API_BILLING_DOCUMENT_SRV, API_OPLACCTGDOCITEMCUBE_SRV, API_MATERIAL_STOCK_SRV, API_COMPANYCODE_SRV)",
    user="A communication user. In the cloud: Communication Arrangements, one for each scenario that has the services"
    " above, with inbound communication only. On premise: a user of type System in SU01, its role made in PFCG, and the"
    " services activated in /IWFND/MAINT_SERVICE",
    rights={
        "S_SERVICE for each of the services": "everything: without it they do not answer",
        "Display of business partners and products": "customers, customer_sales_areas, business_partners with"
        " business_partner_addresses and tax_numbers, company_codes; products with product_descriptions and"
        " product_valuations",
        "V_VBAK_VKO, V_LIKP_VST, V_VBRK_VKO with activity 03": "sales_orders with sales_order_schedules and"
        " sales_order_partners, deliveries, billing_documents",
        "F_BKPF_BUK with activity 03": "journal_items: due days, payments, clearings of customers",
        "M_MSEG_WWA with activity 03": "stock",
    },
    settings={
        "BASE_URL": "the host's address, before /sap/opu/odata/sap, such as https://my300000-api.s4hana.ondemand.com",
        "USER": "the communication user, where it signs in with a password, such as LEAD_TO_CASH",
        "PASSWORD": "that user's password",
        "TOKEN_URL": "where tokens are given out, where OAuth 2.0 with client credentials is used instead",
        "CLIENT_ID": "the OAuth client's id",
        "CLIENT_SECRET": "the OAuth client's secret",
        "API_KEY": "the key of SAP's own sandbox, https://sandbox.api.sap.com/s4hanacloud",
        "SAP_CLIENT": "the client to read, on premise, such as 100",
        "COMPANY_CODES": "only these company codes' accounts, comma separated, such as 1010,1710; else all",
        "START": "the day from which closed items are read, such as 2024-01-01; open ones are read whatever their day",
        "SELLER_FUNCTION": "the partner function of who sells; VE where it is empty",
        "PAGE_ROWS": "records to a page; 1000 where it is empty",
    },
    history="None: orders tell their present state only. The promised day is the one confirmed now; what was promised"
    " first and when somebody approved stands in workflows that these services do not show",
    deletes="All keys are compared once a day; documents that were archived vanish like deleted ones",
    limits=(
        "A credit limit is kept by credit management, whose service is not read.",
        "Invoices entered in accounting alone, without a billing document, are not read as invoices.",
        "A clearing that is taken back long after is noticed when the ledger is read in full again.",
        "SAP does not mean the service of accounting items for mass extraction: narrow it by COMPANY_CODES and START.",
        "Returns delivered back are read only where the delivery service shows them.",
        "Totals of the general ledger are not read: accounts are told apart by each firm in its own way.",
    ),
    page=1000,
    few={"PAGE_ROWS": "1"},
)
