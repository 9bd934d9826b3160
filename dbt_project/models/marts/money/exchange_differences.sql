with

settlements as (

    select * from {{ ref('settlements') }}

),

invoice_values as (

    select * from {{ ref('invoice_values') }}
    where issued_date <= {{ as_of() }}

),

reporting_rates as (

    select * from {{ ref('reporting_rates') }}

),

account_matches as (

    select * from {{ ref('account_matches') }}

),

customers as (

    select * from {{ ref('customers') }}

),

-- Where nobody tells us what was paid, nothing is known to be open.
settling_sources as (

    {{ sources_feeding('payment_allocations') }}

),

by_invoice as (

    select
        invoice_key,
        sum(amount) as settled_amount,
        max(case when kind = 'exchange' then 1 else 0 end) as has_booked_difference
    from settlements
    group by 1

),

-- What the ERP booked as exchange difference is the difference; its payments then came at the document's rate.
settled as (

    select
        settlements.settlement_key as exchange_difference_key,
        settlements.invoice_key,
        settlements.settlement_key,
        settlements.payment_key,
        case settlements.kind when 'exchange' then 'booked' else 'realised' end as kind,
        settlements.amount,
        case
            when settlements.kind = 'exchange' then 'none_paid'
            when by_invoice.has_booked_difference = 1 then 'of_document'
            else 'of_day'
        end as valued_at,
        coalesce(settlements.paid_date, settlements.settled_date) as posted_date
    from settlements
    inner join by_invoice on settlements.invoice_key = by_invoice.invoice_key
    where
        settlements.kind = 'exchange'
        or (settlements.kind = 'payment' and settlements.currency_code <> {{ reporting_currency() }})

),

open_balances as (

    select
        'open:' || invoice_values.invoice_key as exchange_difference_key,
        invoice_values.invoice_key,
        cast(null as {{ dbt.type_string() }}) as settlement_key,
        cast(null as {{ dbt.type_string() }}) as payment_key,
        'unrealised' as kind,
        invoice_values.gross_amount - coalesce(by_invoice.settled_amount, 0) as amount,
        'of_day' as valued_at,
        {{ as_of() }} as posted_date
    from invoice_values
    inner join settling_sources on invoice_values.source = settling_sources.source
    left join by_invoice on invoice_values.invoice_key = by_invoice.invoice_key
    where
        invoice_values.currency_code <> {{ reporting_currency() }}
        and invoice_values.gross_amount <> coalesce(by_invoice.settled_amount, 0)

),

balances as (

    select * from settled
    union all
    select * from open_balances

),

valued as (

    select
        balances.*,
        invoice_values.source,
        invoice_values.source_url,
        invoice_values.account_key,
        invoice_values.invoice_number,
        invoice_values.currency_code,
        invoice_values.reporting_currency_code,
        invoice_values.exchange_rate as document_exchange_rate,
        case balances.valued_at
            when 'of_day' then coalesce(reporting_rates.exchange_rate_source, 'none')
            else invoice_values.exchange_rate_source
        end as exchange_rate_source,
        case balances.valued_at
            when 'of_day' then reporting_rates.exchange_rate
            else invoice_values.exchange_rate
        end as exchange_rate,
        case balances.valued_at
            when 'of_day' then reporting_rates.exchange_rate_date
            else invoice_values.exchange_rate_date
        end as exchange_rate_date
    from balances
    inner join invoice_values on balances.invoice_key = invoice_values.invoice_key
    left join reporting_rates
        on
            invoice_values.currency_code = reporting_rates.currency_code
            and balances.posted_date = reporting_rates.priced_date

),

compared as (

    select
        *,
        cast(amount * document_exchange_rate as decimal(18, 2)) as document_reporting_amount,
        cast(
            case when kind = 'booked' then 0 * exchange_rate else amount * exchange_rate end as decimal(18, 2)
        ) as valued_reporting_amount
    from valued

)

select
    compared.exchange_difference_key,
    compared.invoice_key,
    compared.settlement_key,
    compared.payment_key,
    compared.account_key,
    coalesce(account_matches.customer_key, 'unknown') as customer_key,
    coalesce(customers.name, 'unknown') as customer_name,
    compared.source,
    compared.source_url,
    compared.invoice_number,
    compared.kind,
    compared.currency_code,
    compared.reporting_currency_code,
    compared.exchange_rate_source,
    cast(compared.amount as decimal(18, 2)) as amount,
    compared.document_exchange_rate,
    compared.exchange_rate,
    compared.document_reporting_amount,
    compared.valued_reporting_amount,
    cast(
        compared.valued_reporting_amount - compared.document_reporting_amount as decimal(18, 2)
    ) as difference_amount,
    compared.kind <> 'unrealised' as is_realised,
    compared.document_exchange_rate is null or compared.exchange_rate is null as is_rate_missing,
    compared.posted_date,
    compared.exchange_rate_date
from compared
left join account_matches on compared.account_key = account_matches.account_key
left join customers on account_matches.customer_key = customers.customer_key
