with

interest_rates as (

    select * from {{ ref('interest_rates') }}

),

companies as (

    select * from {{ ref('companies') }}

),

settlements as (

    select * from {{ ref('settlements') }}

),

-- Where nobody tells us what was paid, nothing is known to be lent.
settling_sources as (

    {{ sources_feeding('payment_allocations') }}

),

invoice_values as (

    select invoice_values.*
    from {{ ref('invoice_values') }} as invoice_values
    inner join settling_sources on invoice_values.source = settling_sources.source
    where
        invoice_values.is_revenue
        and not invoice_values.is_rate_missing
        and invoice_values.issued_date < {{ as_of() }}
        and (select count(*) from interest_rates) > 0

),

-- Money that came before the invoice lends nothing from the first day on.
movements as (

    select
        invoice_key,
        issued_date as moved_date,
        gross_amount as amount
    from invoice_values
    union all
    select
        settlements.invoice_key,
        case
            when settlements.settled_date < invoice_values.issued_date then invoice_values.issued_date
            else settlements.settled_date
        end as moved_date,
        -settlements.amount as amount
    from settlements
    inner join invoice_values on settlements.invoice_key = invoice_values.invoice_key
    where settlements.settled_date < {{ as_of() }}

),

days_of_change as (

    select
        invoice_key,
        moved_date,
        sum(amount) as amount
    from movements
    group by 1, 2

),

-- The balance stands from one change to the next; the last piece ends with the day before the refresh.
pieces as (

    select
        invoice_key,
        moved_date as begins_date,
        coalesce(lead(moved_date) over (partition by invoice_key order by moved_date), {{ as_of() }}) as ends_date,
        sum(amount) over (partition by invoice_key order by moved_date rows unbounded preceding) as balance_amount
    from days_of_change

),

whose_rates as (

    {{ whose_facts('interest_rates', 'settling_sources') }}

),

rates as (

    select
        whose_rates.source,
        interest_rates.annual_rate,
        interest_rates.valid_from,
        coalesce(
            lead(interest_rates.valid_from)
                over (partition by whose_rates.source order by interest_rates.valid_from),
            {{ as_of() }}
        ) as valid_until
    from whose_rates
    inner join interest_rates on whose_rates.company = coalesce(interest_rates.company, '')
    where interest_rates.valid_from < {{ as_of() }}

),

months as (

    {{ months_between('(select min(issued_date) from invoice_values)', as_of()) }}

),

-- Each month at each rate, from its first day to the day after its last.
spans as (

    select
        rates.source,
        months.month,
        rates.annual_rate,
        greatest(months.month, rates.valid_from) as begins_date,
        least(months.next_month, rates.valid_until) as ends_date
    from months
    inner join rates on months.month < rates.valid_until and months.next_month > rates.valid_from

),

lent as (

    select
        pieces.invoice_key,
        spans.month,
        spans.begins_date,
        spans.annual_rate,
        max(least(pieces.ends_date, spans.ends_date)) as ends_date,
        sum(
            pieces.balance_amount
            * {{ days_between(
                'greatest(pieces.begins_date, spans.begins_date)', 'least(pieces.ends_date, spans.ends_date)'
            ) }}
        ) as balance_days
    from pieces
    inner join invoice_values on pieces.invoice_key = invoice_values.invoice_key
    inner join spans
        on
            invoice_values.source = spans.source
            and pieces.begins_date < spans.ends_date
            and pieces.ends_date > spans.begins_date
    where pieces.balance_amount <> 0
    group by 1, 2, 3, 4

),

-- Rounded once for each document, month and rate.
costed as (

    select
        lent.invoice_key,
        lent.month,
        sum(
            cast(lent.balance_days * invoice_values.exchange_rate * lent.annual_rate / 365 as decimal(18, 4))
        ) as amount,
        max(lent.ends_date) as ends_date
    from lent
    inner join invoice_values on lent.invoice_key = invoice_values.invoice_key
    group by 1, 2

)

select
    'credit_cost:' || costed.invoice_key || ':' || cast(costed.month as {{ dbt.type_string() }})
        as profitability_line_key,
    invoice_values.source,
    invoice_values.account_key,
    invoice_values.invoice_key,
    invoice_values.order_key,
    invoice_values.currency_code,
    invoice_values.exchange_rate_source,
    invoice_values.source_url,
    invoice_values.exchange_rate,
    cast(costed.amount as decimal(18, 4)) as amount,
    cast({{ dbt.dateadd('day', -1, 'costed.ends_date') }} as date) as posted_date,
    invoice_values.exchange_rate_date
from costed
inner join invoice_values on costed.invoice_key = invoice_values.invoice_key
