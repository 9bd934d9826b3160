-- Cost is posted by value entries, some of them long after the invoice; an entry names its document and item, not the
-- line: the first line with that item bears it. A sale's cost is negative at the vendor; an entry of nothing is none.
with

value_entries as (

    select
        *,
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

renamed as (

    select
        entries.source,
        {{ key('entries.source', 'entries.company_id', 'entries.entry_no') }} as cost_entry_key,
        invoice_lines.invoice_line_key,
        invoice_lines.order_key,
        {{ key('entries.source', 'entries.company_id', none_text('entries.customer_no')) }} as account_key,

        entries.company_name as company,
        lower(replace({{ none_text('entries.entry_type') }}, ' ', '_')) as kind,
        companies.local_currency_code as currency_code,

        -entries.cost_amount_actual as amount,

        {{ none_date('entries.posting_date') }} as posted_date
    from value_entries as entries
    left join companies on entries.source = companies.source and entries.company_id = companies.company_id
    left join invoice_lines
        on
            {{ key('entries.source', 'entries.company_id', 'entries.document_kind', 'entries.document_no') }}
            = invoice_lines.invoice_key
            and {{ key('entries.source', 'entries.company_id', 'entries.item_no') }} = invoice_lines.product_key
    where entries.cost_amount_actual != 0 and not entries.is_deleted

)

select * from renamed
