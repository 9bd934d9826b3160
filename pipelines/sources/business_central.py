"""Business Central, an ERP: API v2.0, its analytics and finance entities.

https://learn.microsoft.com/dynamics365/business-central/dev-itpro/api-reference/v2.0/
"""

from pipelines.streams import Stream, columns

STANDARD = "api/v2.0"
ANALYTICS = "api/microsoft/analytics/v1.0"
FINANCE = "api/microsoft/reportsFinance/beta"

MODIFIED = "lastModifiedDateTime"


def _document_lines(name: str, entity: str, **fields: str) -> Stream:
    text = "id documentId lineType lineObjectNumber description unitOfMeasureCode " + fields.pop("text", "")
    return Stream(
        name=name,
        entity=entity,
        parent="documentId",
        columns=columns(text=text, int="sequence", **fields),
    )


STREAMS = [
    Stream(
        "customers",
        "customers",
        api=STANDARD,
        cursor=MODIFIED,
        swept=True,
        columns=columns(
            text="id number displayName type addressLine1 addressLine2 city state country postalCode phoneNumber email"
            " website taxRegistrationNumber currencyCode paymentTermsId blocked salespersonCode",
            decimal="creditLimit",
            timestamp="lastModifiedDateTime",
        ),
    ),
    Stream(
        "payment_terms",
        "paymentTerms",
        api=STANDARD,
        cursor=MODIFIED,
        columns=columns(text="id code displayName dueDateCalculation", timestamp="lastModifiedDateTime"),
    ),
    Stream(
        "items",
        "items",
        api=STANDARD,
        cursor=MODIFIED,
        swept=True,
        columns=columns(
            text="id number displayName type itemCategoryCode baseUnitOfMeasureCode gtin",
            decimal="unitPrice unitCost inventory",
            bool="blocked",
            timestamp="lastModifiedDateTime",
        ),
    ),
    Stream(
        "locations",
        "locations",
        api=STANDARD,
        cursor=MODIFIED,
        columns=columns(text="id code displayName country", timestamp="lastModifiedDateTime"),
    ),
    Stream(
        "currency_exchange_rates",
        "currencyExchangeRates",
        api=STANDARD,
        cursor=MODIFIED,
        columns=columns(
            text="id currencyCode relationalCurrencyCode",
            decimal="exchangeRateAmount relationalExchangeRateAmount",
            date="startingDate",
            timestamp="lastModifiedDateTime",
        ),
    ),
    # Fully invoiced orders are deleted from salesOrders: gone means archived, and the archive completes them.
    Stream(
        "sales_orders",
        "salesOrders",
        api=STANDARD,
        cursor=MODIFIED,
        swept=True,
        gone_means="archived",
        columns=columns(
            text="id number externalDocumentNumber customerNumber billToCustomerNumber currencyCode salesperson status",
            decimal="discountAmount totalAmountExcludingTax totalTaxAmount totalAmountIncludingTax",
            bool="fullyShipped",
            date="orderDate postingDate requestedDeliveryDate",
            timestamp="lastModifiedDateTime",
        ),
        lines=_document_lines(
            "sales_order_lines",
            "salesOrderLines",
            text="itemId locationId",
            decimal="quantity unitPrice discountAmount netAmount shippedQuantity invoicedQuantity",
            date="shipmentDate",
        ),
    ),
    # One row a line of the open order book: the only place with the promised delivery date. No modified date.
    Stream(
        "sales_lines",
        "salesLines",
        api=ANALYTICS,
        key=None,
        columns=columns(
            text="documentType documentNo type itemNo locationCode",
            int="lineNo",
            decimal="outstandingQuantity quantityBase unitCostLCY",
            date="requestedDeliveryDate promisedDeliveryDate plannedDeliveryDate plannedShipmentDate shipmentDate",
        ),
    ),
    Stream(
        "sales_order_archives",
        "salesOrderArchives",
        api=STANDARD,
        cursor=MODIFIED,
        optional=True,
        columns=columns(
            text="id number sellToCustomerNumber billToCustomerNumber currencyCode salespersonCode locationCode"
            " externalDocumentNumber status",
            int="docNoOccurrence versionNumber",
            date="orderDate postingDate shipmentDate requestedDeliveryDate dateArchived",
            timestamp="lastModifiedDateTime",
        ),
        lines=Stream(
            "sales_order_archive_lines",
            "salesOrderArchiveLines",
            parent="documentNumber",
            columns=columns(
                text="id documentNumber lineType lineObjectNumber description unitOfMeasureCode locationCode",
                int="docNoOccurrence versionNumber sequence",
                decimal="quantity unitPrice lineDiscountAmount lineAmount amount outstandingQuantity quantityShipped"
                " quantityInvoiced",
                date="shipmentDate",
            ),
        ),
    ),
    Stream(
        "sales_shipments",
        "salesShipments",
        api=STANDARD,
        cursor=MODIFIED,
        columns=columns(
            text="id number externalDocumentNumber customerNumber billToCustomerNumber currencyCode orderNumber"
            " shipmentMethodCode salesperson",
            date="invoiceDate postingDate dueDate",
            timestamp="lastModifiedDateTime",
        ),
        lines=_document_lines(
            "sales_shipment_lines", "salesShipmentLines", decimal="quantity unitPrice", date="shipmentDate"
        ),
    ),
    # A settlement does not always touch the modified date: what is not paid is read again.
    Stream(
        "sales_invoices",
        "salesInvoices",
        api=STANDARD,
        cursor=MODIFIED,
        swept=True,
        reread="status eq 'Draft' or status eq 'In Review' or status eq 'Open'",
        columns=columns(
            text="id number externalDocumentNumber customerNumber billToCustomerNumber currencyCode orderNumber"
            " salesperson status",
            decimal="discountAmount totalAmountExcludingTax totalTaxAmount totalAmountIncludingTax remainingAmount",
            date="invoiceDate postingDate dueDate",
            timestamp="lastModifiedDateTime",
        ),
        lines=_document_lines(
            "sales_invoice_lines",
            "salesInvoiceLines",
            text="itemId",
            decimal="quantity unitPrice discountAmount netAmount",
            date="shipmentDate",
        ),
    ),
    Stream(
        "sales_credit_memos",
        "salesCreditMemos",
        api=STANDARD,
        cursor=MODIFIED,
        swept=True,
        reread="status eq 'Draft' or status eq 'In Review' or status eq 'Open'",
        columns=columns(
            text="id number externalDocumentNumber customerNumber billToCustomerNumber currencyCode salesperson status"
            " invoiceNumber",
            decimal="discountAmount totalAmountExcludingTax totalTaxAmount totalAmountIncludingTax",
            date="creditMemoDate postingDate dueDate",
            timestamp="lastModifiedDateTime",
        ),
        lines=_document_lines(
            "sales_credit_memo_lines",
            "salesCreditMemoLines",
            text="itemId",
            decimal="quantity unitPrice discountAmount netAmount",
            date="shipmentDate",
        ),
    ),
    # Value entries are only ever added: a later cost adjustment is an entry of its own.
    Stream(
        "sales_value_entries",
        "salesValueEntries",
        api=ANALYTICS,
        key="entryNo",
        cursor="entryNo",
        columns=columns(
            text="itemLedgerEntryType entryType documentNo documentType customerNo itemNo locationCode",
            int="entryNo itemLedgerEntryNo",
            decimal="invoicedQuantity salesAmountActual costAmountActual costPostedToGL",
            date="postingDate documentDate",
        ),
    ),
    Stream(
        "item_ledger_entries",
        "itemLedgerEntries",
        api=ANALYTICS,
        key="entryNo",
        cursor="entryNo",
        reread="open eq true",
        columns=columns(
            text="entryType documentType documentNo itemNo locationCode",
            int="entryNo",
            decimal="quantity remainingQuantity costAmountActual",
            bool="open",
            date="postingDate",
        ),
    ),
    # One row a detailed entry: the only set that says which payment settled which invoice, in local currency.
    Stream(
        "customer_ledger_entries",
        "customerLedgerEntries",
        api=ANALYTICS,
        key="dcleEntryNo",
        cursor="dcleEntryNo",
        reread="cleOpen eq true",
        columns=columns(
            text="dcleEntryType dcleDocumentType dcleDocumentNo dcleCustomerNo",
            int="cleEntryNo dcleEntryNo dcleApplicationNo dcleAppliedCustLedgerEntryNo",
            decimal="dcleAmountLCY",
            bool="cleOpen",
            date="cleDueDate clePostingDate cleDocumentDate cleClosedAtDate dclePostingDate",
        ),
    ),
    # The same entries in the document's currency.
    Stream(
        "detailed_customer_ledger_entries",
        "detailedCustomerLedgerEntries",
        api=FINANCE,
        key="entryNumber",
        cursor="entryNumber",
        optional=True,
        columns=columns(
            text="entryType customerNumber currencyCode",
            int="entryNumber",
            decimal="amount amountLocalCurrency",
            date="postingDate",
        ),
    ),
    Stream(
        "approval_entries",
        "approvalEntries",
        api=STANDARD,
        cursor=MODIFIED,
        swept=True,
        gone_means="archived",
        columns=columns(
            text="id documentType documentNumber senderId approverId status",
            int="entryNumber sequenceNumber",
            timestamp="dateTimeSentForApproval lastDateTimeModified lastModifiedDateTime",
        ),
    ),
    Stream(
        "posted_approval_entries",
        "postedApprovalEntries",
        api=STANDARD,
        cursor=MODIFIED,
        columns=columns(
            text="id documentNumber senderId approverId status",
            int="entryNumber sequenceNumber iterationNumber",
            timestamp="dateTimeSentForApproval lastDateTimeModified lastModifiedDateTime",
        ),
    ),
    Stream(
        "gl_accounts",
        "accounts",
        api=STANDARD,
        cursor=MODIFIED,
        columns=columns(text="id number displayName category subCategory", timestamp="lastModifiedDateTime"),
    ),
    Stream(
        "general_ledger_entries",
        "generalLedgerEntries",
        api=STANDARD,
        cursor="entryNumber",
        key="entryNumber",
        columns=columns(
            text="id accountNumber documentNumber documentType",
            int="entryNumber",
            decimal="debitAmount creditAmount",
            date="postingDate",
        ),
    ),
]
# GET /companies comes first; every stream is then read company by company.
COMPANIES = Stream("companies", "companies", api=STANDARD, columns=columns(text="id name displayName"))
