-- Cost is posted by value entries, some of them long after the invoice; an entry names its document and item, not the
-- line: the first line with that item bears it. A sale's cost is negative at the vendor; an entry of nothing is none.
-- What a carrier charged is an entry on the goods that left: its document is the carrier's, its order the shipment's.
with

value_entries as (

    select
        *,
        {{ value_entry_cost() }} as cost,
        {{ is_charge_on_shipment() }} as is_charge,
        case {{ none_text('document_type') }}
            when 'Sales Invoice' then 'invoice'
            when 'Sales Credit Memo' then 'credit_memo'
        end as document_kind
    from {{ raw('business_central', 'sales_value_entries') }}

),

companies as (

    select * from {{ ref('stg_business_central__companies') }}

),

invoice_lines as (

    select
        invoice_key,
        order_key,
        product_key,
        {{ first_known('invoice_line_key', 'sequence') }} as invoice_line_key
    from {{ ref('stg_business_central__invoice_lines') }}
    where product_key is not null
    group by 1, 2, 3

),

shipments as (

    select
        movements.source,
        movements.company_id,
        movements.entry_no as item_ledger_entry_no,
        shipments.order_key,
        shipments.account_key
    from {{ raw('business_central', 'item_ledger_entries') }} as movements
    inner join {{ ref('stg_business_central__shipments') }} as shipments
        on {{ key('movements.source', 'movements.company_id', 'movements.document_no') }} = shipments.shipment_key
    where {{ none_text('movements.document_type') }} = 'Sales Shipment'

),

renamed as (

    select
        entries.source,
        {{ key('entries.source', 'entries.company_id', 'entries.entry_no') }} as cost_entry_key,
        invoice_lines.invoice_line_key,
        coalesce(invoice_lines.order_key, shipments.order_key) as order_key,
        case
            when entries.is_charge then shipments.account_key
            else {{ key('entries.source', 'entries.company_id', none_text('entries.customer_no')) }}
        end as account_key,

        entries.company_name as company,
        case
            when entries.is_charge then 'freight'
            else lower(replace({{ none_text('entries.entry_type') }}, ' ', '_'))
        end as kind,
        companies.local_currency_code as currency_code,

        -entries.cost as amount,

        {{ none_date('entries.posting_date') }} as posted_date
    from value_entries as entries
    left join companies on entries.source = companies.source and entries.company_id = companies.company_id
    left join invoice_lines
        on
            {{ key('entries.source', 'entries.company_id', 'entries.document_kind', 'entries.document_no') }}
            = invoice_lines.invoice_key
            and {{ key('entries.source', 'entries.company_id', 'entries.item_no') }} = invoice_lines.product_key
    left join shipments
        on
            entries.is_charge
            and entries.source = shipments.source
            and entries.company_id = shipments.company_id
            and entries.item_ledger_entry_no = shipments.item_ledger_entry_no
    where entries.cost != 0 and not entries.is_deleted

)

select * from renamed
