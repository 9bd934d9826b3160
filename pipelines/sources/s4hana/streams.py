"""What is read of S/4HANA, with every column and its type. A stream's `api` is the service that has its entity set."""

from typing import Any

from pipelines.extraction import Personal, Stream, columns, parts

PARTNERS = "API_BUSINESS_PARTNER"
PRODUCTS = "API_PRODUCT_SRV"
ORDERS = "API_SALES_ORDER_SRV"
DELIVERIES = "API_OUTBOUND_DELIVERY_SRV;v=0002"
BILLING = "API_BILLING_DOCUMENT_SRV"
ENTRIES = "API_OPLACCTGDOCITEMCUBE_SRV"


def _set(name: str, entity: str, api: str, key: str, **declared: Any) -> Stream:
    """An entity set. A key of several fields is told in RecordKey; what names only one of its parts is read in full."""
    told = {kind: declared.pop(kind) for kind in ("text", "int", "decimal", "bool", "date", "timestamp")
            if kind in declared}  # fmt: skip
    several = (parts("RecordKey", key),) if " " in key else ()
    text = f"{key} {told.pop('text', '')}"
    return Stream(
        name=name,
        entity=entity,
        api=api,
        key="RecordKey" if several else key,
        swept=True,
        columns=(*several, *columns(text=text, **told)),
        **declared,
    )


def _lines(name: str, entity: str, path: str, parent: str, **fields: str) -> Stream:
    """Rows within a document; `path` is the navigation that leads to them."""
    return Stream(name, entity, api=path, key=None, parent=parent, columns=columns(**fields))


STREAMS = [
    # Without it there is nobody to sell to: an address without this service is a wrong address.
    _set(
        "customers",
        "A_Customer",
        PARTNERS,
        "Customer",
        text="CustomerName VATRegistration TaxNumber1 OrderIsBlockedForCustomer DeliveryIsBlocked",
        date="CreationDate",
        personal=Personal(names="customer_name", contacts="vat_registration tax_number1"),
    ),
    _set(
        "customer_sales_areas",
        "A_CustomerSalesArea",
        PARTNERS,
        "Customer SalesOrganization DistributionChannel Division",
        text="Currency CustomerPaymentTerms CustomerGroup",
        optional=True,
    ),
    # Null until the first change.
    _set(
        "business_partners",
        "A_BusinessPartner",
        PARTNERS,
        "BusinessPartner",
        text="Customer BusinessPartnerFullName LastChangeTime",
        date="CreationDate LastChangeDate",
        cursor="LastChangeDate",
        optional=True,
        personal=Personal(names="business_partner_full_name"),
    ),
    _set(
        "business_partner_addresses",
        "A_BusinessPartnerAddress",
        PARTNERS,
        "BusinessPartner AddressID",
        text="Country Region CityName PostalCode StreetName HouseNumber",
        optional=True,
        personal=Personal(private="street_name house_number postal_code", belongs="business_partner business_partners"),
    ),
    _set(
        "tax_numbers",
        "A_BusinessPartnerTaxNumber",
        PARTNERS,
        "BusinessPartner BPTaxType",
        text="BPTaxNumber BPTaxLongNumber",
        optional=True,
        personal=Personal(contacts="bp_tax_number bp_tax_long_number", belongs="business_partner business_partners"),
    ),
    _set(
        "company_codes",
        "A_CompanyCode",
        "API_COMPANYCODE_SRV",
        "CompanyCode",
        text="CompanyCodeName Country Currency",
        optional=True,
    ),
    _set(
        "products",
        "A_Product",
        PRODUCTS,
        "Product",
        text="ProductType ProductGroup BaseUnit",
        bool="IsMarkedForDeletion",
        date="CreationDate LastChangeDate",
        cursor="LastChangeDate",
        optional=True,
    ),
    _set(
        "product_descriptions",
        "A_ProductDescription",
        PRODUCTS,
        "Product Language",
        text="ProductDescription",
        optional=True,
    ),
    _set(
        "product_valuations",
        "A_ProductValuation",
        PRODUCTS,
        "Product ValuationArea ValuationType",
        text="InventoryValuationProcedure Currency",
        decimal="StandardPrice MovingAveragePrice PriceUnitQty",
        optional=True,
    ),
    _set(
        "sales_orders",
        "A_SalesOrder",
        ORDERS,
        "SalesOrder",
        text="SalesOrderType SalesOrganization SoldToParty PurchaseOrderByCustomer TransactionCurrency"
        " CustomerPaymentTerms OverallSDProcessStatus OverallTotalDeliveryStatus TotalCreditCheckStatus"
        " DeliveryBlockReason HeaderBillingBlockReason SalesDocApprovalStatus OverallSDDocumentRejectionSts",
        decimal="TotalNetAmount",
        date="SalesOrderDate CreationDate RequestedDeliveryDate LastChangeDate",
        timestamp="LastChangeDateTime",
        cursor="LastChangeDateTime",
        optional=True,
        personal=Personal(mentions="purchase_order_by_customer"),
        lines=_lines(
            "sales_order_items",
            "A_SalesOrderItem",
            "to_Item",
            "SalesOrder",
            text="SalesOrder SalesOrderItem HigherLevelItem SalesOrderItemCategory Material RequestedQuantityUnit Plant"
            " SalesDocumentRjcnReason DeliveryStatus",
            decimal="RequestedQuantity NetAmount CostAmount",
        ),
    ),
    # The promised days stand two levels down, and one stream has one kind of lines.
    _set(
        "sales_order_schedules",
        "A_SalesOrder",
        ORDERS,
        "SalesOrder",
        date="CreationDate LastChangeDate",
        timestamp="LastChangeDateTime",
        cursor="LastChangeDateTime",
        optional=True,
        lines=_lines(
            "sales_order_schedule_lines",
            "A_SalesOrderScheduleLine",
            "to_Item/to_ScheduleLine",
            "SalesOrder",
            text="SalesOrder SalesOrderItem ScheduleLine",
            decimal="ScheduleLineOrderQuantity ConfdOrderQtyByMatlAvailCheck DeliveredQtyInOrderQtyUnit",
            date="RequestedDeliveryDate ConfirmedDeliveryDate",
        ),
    ),
    # Who sells, where the firm keeps it: the partner with the seller's function.
    _set(
        "sales_order_partners",
        "A_SalesOrderHeaderPartner",
        ORDERS,
        "SalesOrder PartnerFunction",
        text="Personnel",
        narrowed_by="SELLER_FUNCTION",
        optional=True,
    ),
    _set(
        "deliveries",
        "A_OutbDeliveryHeader",
        DELIVERIES,
        "DeliveryDocument",
        text="SoldToParty ShippingPoint SDDocumentCategory OverallGoodsMovementStatus OverallProofOfDeliveryStatus",
        date="CreationDate LastChangeDate PlannedGoodsIssueDate ActualGoodsMovementDate DeliveryDate"
        " ProofOfDeliveryDate",
        cursor="LastChangeDate",
        optional=True,
        lines=_lines(
            "delivery_items",
            "A_OutbDeliveryItem",
            "to_DeliveryDocumentItem",
            "DeliveryDocument",
            text="DeliveryDocument DeliveryDocumentItem Material DeliveryQuantityUnit Plant ReferenceSDDocument"
            " ReferenceSDDocumentItem",
            decimal="ActualDeliveryQuantity",
        ),
    ),
    _set(
        "billing_documents",
        "A_BillingDocument",
        BILLING,
        "BillingDocument",
        text="BillingDocumentType SDDocumentCategory SoldToParty PayerParty TransactionCurrency CompanyCode FiscalYear"
        " AccountingDocument CancelledBillingDocument InvoiceClearingStatus",
        decimal="TotalNetAmount TaxAmount",
        bool="BillingDocumentIsCancelled",
        date="BillingDocumentDate CreationDate",
        timestamp="LastChangeDateTime",
        cursor="LastChangeDateTime",
        optional=True,
        lines=_lines(
            "billing_items",
            "A_BillingDocumentItem",
            "to_Item",
            "BillingDocument",
            text="BillingDocument BillingDocumentItem Material BillingQuantityUnit ReferenceSDDocument"
            " ReferenceSDDocumentItem SalesDocument SalesDocumentItem",
            decimal="BillingQuantity NetAmount CostAmount",
            date="ServicesRenderedDate",
        ),
    ),
    # One row an item of an accounting document on a customer's account. A payment changes the item it clears, and not
    # always its date of change: open items are read again.
    _set(
        "journal_items",
        "A_OperationalAcctgDocItemCube",
        ENTRIES,
        "CompanyCode FiscalYear AccountingDocument AccountingDocumentItem",
        text="AccountingDocumentType Customer TransactionCurrency CompanyCodeCurrency SpecialGLCode"
        " ClearingAccountingDocument ClearingDocFiscalYear InvoiceReference InvoiceReferenceFiscalYear BillingDocument"
        " ReverseDocument DebitCreditCode",
        decimal="AmountInTransactionCurrency AmountInCompanyCodeCurrency",
        bool="IsCleared IsReversed ClearingIsReversed",
        date="PostingDate DocumentDate NetDueDate ClearingDate LastChangeDate",
        cursor="LastChangeDate",
        reread="IsCleared eq false",
        narrowed_by="START COMPANY_CODES",
        optional=True,
    ),
    _set(
        "stock",
        "A_MatlStkInAcctMod",
        "API_MATERIAL_STOCK_SRV",
        "Material Plant StorageLocation Batch Supplier Customer WBSElementInternalID SDDocument SDDocumentItem"
        " InventorySpecialStockType InventoryStockType",
        text="MaterialBaseUnit",
        decimal="MatlWrhsStkQtyInMatlBaseUnit",
        optional=True,
    ),
]
