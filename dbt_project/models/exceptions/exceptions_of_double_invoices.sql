with

invoice_values as (

    select * from {{ ref('invoice_values') }}

),

account_matches as (

    select * from {{ ref('account_matches') }}

),

invoice_items as (

    select
        invoice_lines.invoice_key,
        coalesce(product_matches.item_key, invoice_lines.product_key, '') || ' '
        || cast(coalesce(invoice_lines.quantity, 0) as {{ dbt.type_string() }}) as item
    from {{ ref('invoice_lines') }} as invoice_lines
    left join {{ ref('product_matches') }} as product_matches on invoice_lines.product_key = product_matches.product_key

),

invoice_contents as (

    select
        invoice_key,
        {{ dbt.listagg('item', "', '", 'order by item') }} as contents
    from invoice_items
    group by 1

),

corrected as (

    select distinct corrects_invoice_key as invoice_key
    from invoice_values
    where corrects_invoice_key is not null

),

-- The one order an invoice bills; an invoice over several orders is a collective one and its own.
billed_orders as (

    select
        invoice_lines.invoice_key,
        case when count(distinct invoice_lines.order_key) = 1 then min(invoice_lines.order_key) end as order_key
    from {{ ref('invoice_lines') }} as invoice_lines
    where invoice_lines.order_key is not null
    group by 1

),

candidate_invoices as (

    select
        invoice_values.invoice_key as record_key,
        invoice_values.invoice_number as number,
        invoice_values.source,
        invoice_values.account_key,
        account_matches.customer_key,
        invoice_values.reporting_currency_code,
        invoice_values.source_url,
        invoice_values.net_reporting_amount as amount,
        invoice_values.issued_date as dated,
        invoice_values.currency_code,
        invoice_values.net_amount as document_amount,
        invoice_contents.contents,
        coalesce(billed_orders.order_key, invoice_values.order_key) as order_key,
        order_cycle_time.document_amount as ordered_document_amount
    from invoice_values
    inner join account_matches on invoice_values.account_key = account_matches.account_key
    inner join invoice_contents on invoice_values.invoice_key = invoice_contents.invoice_key
    left join billed_orders on invoice_values.invoice_key = billed_orders.invoice_key
    left join {{ ref('order_cycle_time') }} as order_cycle_time
        on coalesce(billed_orders.order_key, invoice_values.order_key) = order_cycle_time.order_key
    left join corrected on invoice_values.invoice_key = corrected.invoice_key
    where
        invoice_values.invoice_kind = 'invoice'
        and invoice_values.net_amount > 0
        and corrected.invoice_key is null

),

-- Two equal parts of one order are its deliveries, unless together they bill more than was ordered.
double_invoices as (

    select
        later.*,
        earlier.record_key as other_record_key,
        earlier.number as other_number,
        earlier.source_url as other_source_url,
        row_number() over (partition by later.record_key order by earlier.dated desc, earlier.record_key asc) as place
    from candidate_invoices as later
    inner join candidate_invoices as earlier
        on
            later.customer_key = earlier.customer_key
            and coalesce(later.currency_code, '') = coalesce(earlier.currency_code, '')
            and later.document_amount = earlier.document_amount
            and later.contents = earlier.contents
            and (
                later.dated > earlier.dated
                or (later.dated = earlier.dated and later.record_key > earlier.record_key)
            )
    where
        {{ days_between('earlier.dated', 'later.dated') }} <= {{ exception_limit('double_entry_days') }}
        and coalesce(later.order_key, '') = coalesce(earlier.order_key, '')
        and (later.order_key is null or 2 * later.document_amount > later.ordered_document_amount * 1.005)

)

select
    'double_entry' as code,
    'invoice' as entity,
    record_key,
    other_record_key,
    cast(null as {{ dbt.type_string() }}) as detail,
    source,
    account_key,
    cast(null as {{ dbt.type_string() }}) as owner_name,
    reporting_currency_code as currency_code,
    {{ json_text({'number': 'number', 'other': 'other_number', 'contents': 'contents'}) }} as parameters,
    source_url,
    other_source_url,
    amount,
    dated as since_date
from double_invoices
where place = 1
