-- A credit note takes its money off the purchase it credits; a purchase that was credited whole was still a purchase.
with

invoice_values as (

    select * from {{ ref('invoice_values') }}
    where is_revenue and issued_date <= {{ as_of() }}

),

document_origins as (

    select * from {{ ref('document_origins') }}

),

account_matches as (

    select * from {{ ref('account_matches') }}

),

-- What corrects a correction belongs to the purchase at the beginning.
credits as (

    select
        document_origins.origin_key as invoice_key,
        sum(invoice_values.net_reporting_amount) as credited_amount,
        sum(
            case
                when invoice_values.issued_date < {{ quarter_of(as_of()) }} then invoice_values.net_reporting_amount
            end
        ) as credited_before_quarter_amount
    from invoice_values
    inner join document_origins on invoice_values.invoice_key = document_origins.invoice_key
    group by 1

),

purchases as (

    select
        coalesce(account_matches.customer_key, 'unknown') as customer_key,
        invoice_values.issued_date as purchase_date,
        count(*) as invoices_counted,
        sum(invoice_values.net_reporting_amount + coalesce(credits.credited_amount, 0)) as value_amount,
        sum(invoice_values.net_reporting_amount + coalesce(credits.credited_before_quarter_amount, 0))
            as value_before_quarter_amount
    from invoice_values
    left join account_matches on invoice_values.account_key = account_matches.account_key
    left join credits on invoice_values.invoice_key = credits.invoice_key
    where invoice_values.invoice_kind = 'invoice'
    group by 1, 2

)

select
    customer_key || ':' || cast(purchase_date as {{ dbt.type_string() }}) as customer_purchase_key,
    customer_key,
    invoices_counted,
    cast(value_amount as decimal(18, 4)) as value_amount,
    cast(value_before_quarter_amount as decimal(18, 4)) as value_before_quarter_amount,
    purchase_date
from purchases
