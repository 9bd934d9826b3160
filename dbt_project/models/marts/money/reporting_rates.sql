with

exchange_rates as (

    select * from {{ ref('exchange_rates') }}

),

priced as (

    select
        currency_code,
        issued_date as priced_date
    from {{ ref('invoices') }}
    union distinct
    select
        booked_rate_currency_code,
        issued_date
    from {{ ref('invoices') }}
    union distinct
    select
        currency_code,
        posted_date
    from {{ ref('cost_entries') }}
    union distinct
    select
        currency_code,
        {{ local_date('ordered_at') }} as priced_date
    from {{ ref('orders') }}
    union distinct
    select
        currency_code,
        coalesce({{ local_date('closed_at') }}, {{ as_of() }}) as priced_date
    from {{ ref('deals') }}
    union distinct
    select
        currency_code,
        {{ local_date('created_at') }} as priced_date
    from {{ ref('quotes') }}
    union distinct
    select
        currency_code,
        paid_date
    from {{ ref('payments') }}
    union distinct
    select
        currency_code,
        priced_date
    from {{ ref('priced_costs') }}

),

-- A rate turned round serves the other direction too; units are divided out here and nowhere else.
quoted as (

    select
        currency_code,
        quote_currency_code,
        rate_table,
        cast(rate / coalesce(units, 1) as decimal(28, 14)) as rate,
        0 as turned,
        rate_date
    from exchange_rates
    union all
    select
        quote_currency_code,
        currency_code,
        rate_table,
        cast(coalesce(units, 1) / rate as decimal(28, 14)) as rate,
        1 as turned,
        rate_date
    from exchange_rates
    where rate <> 0

),

-- Where several tables quote one day, the firm's own ERP speaks first.
placed as (

    select
        *,
        row_number() over (
            partition by currency_code, quote_currency_code, rate_date
            order by turned, case when rate_table = 'ERP' then 0 else 1 end, rate_table, rate
        ) as place
    from quoted

),

-- A rate holds until the next one is published: over weekends and holidays the last one counts.
lasting as (

    select
        *,
        lead(rate_date) over (partition by currency_code, quote_currency_code order by rate_date) as next_rate_date
    from placed
    where place = 1

),

candidates as (

    select
        currency_code,
        priced_date,
        'same' as exchange_rate_source,
        0 as distance,
        cast(1 as decimal(28, 14)) as exchange_rate,
        priced_date as exchange_rate_date
    from priced
    where currency_code = {{ reporting_currency() }}
    union all
    select
        priced.currency_code,
        priced.priced_date,
        lasting.rate_table,
        1 as distance,
        lasting.rate as exchange_rate,
        lasting.rate_date as exchange_rate_date
    from priced
    inner join lasting
        on
            priced.currency_code = lasting.currency_code
            and lasting.quote_currency_code = {{ reporting_currency() }}
            and priced.priced_date >= lasting.rate_date
            and (priced.priced_date < lasting.next_rate_date or lasting.next_rate_date is null)
    where priced.currency_code <> {{ reporting_currency() }}
    union all
    select
        priced.currency_code,
        priced.priced_date,
        first_leg.rate_table,
        2 as distance,
        cast(cast(first_leg.rate as double) * cast(second_leg.rate as double) as decimal(28, 14)) as exchange_rate,
        least(first_leg.rate_date, second_leg.rate_date) as exchange_rate_date
    from priced
    inner join lasting as first_leg
        on
            priced.currency_code = first_leg.currency_code
            and priced.priced_date >= first_leg.rate_date
            and (priced.priced_date < first_leg.next_rate_date or first_leg.next_rate_date is null)
    inner join lasting as second_leg
        on
            first_leg.quote_currency_code = second_leg.currency_code
            and second_leg.quote_currency_code = {{ reporting_currency() }}
            and priced.priced_date >= second_leg.rate_date
            and (priced.priced_date < second_leg.next_rate_date or second_leg.next_rate_date is null)
    where
        priced.currency_code <> {{ reporting_currency() }}
        and first_leg.quote_currency_code <> {{ reporting_currency() }}

),

chosen as (

    select
        *,
        row_number() over (
            partition by currency_code, priced_date
            order by distance asc, exchange_rate_date desc, exchange_rate_source asc, exchange_rate asc
        ) as choice
    from candidates

)

select
    priced.currency_code,
    {{ reporting_currency() }} as reporting_currency_code,
    coalesce(chosen.exchange_rate_source, 'none') as exchange_rate_source,
    chosen.exchange_rate,
    priced.priced_date,
    chosen.exchange_rate_date
from priced
left join chosen
    on
        priced.currency_code = chosen.currency_code
        and priced.priced_date = chosen.priced_date
        and chosen.choice = 1
where priced.currency_code is not null and priced.priced_date is not null
