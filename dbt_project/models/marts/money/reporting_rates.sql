{#- How old a rate of a table that nobody named may be. -#}
{%- set days_at_most = 100 -%}
with

exchange_rates as (

    select * from {{ ref('exchange_rates') }}

),

priced as (

    select * from {{ ref('priced_days') }}

),

rate_tables as (

    select * from {{ ref('rate_tables') }}

),

-- In which turn the tables are asked: by the firm's preference, at equal preference the bank of our currency first.
turns as (

    select
        published.rate_table,
        coalesce(rate_tables.days_before, 0) as days_before,
        coalesce(rate_tables.days_at_most, {{ days_at_most }}) as days_at_most,
        row_number() over (
            order by
                case when rate_tables.preference is null then 1 else 0 end asc,
                rate_tables.preference asc,
                case when rate_tables.home_currency_code = {{ reporting_currency() }} then 0 else 1 end asc,
                published.rate_table asc
        ) as turn
    from (select distinct rate_table from exchange_rates) as published
    left join rate_tables on published.rate_table = rate_tables.rate_table

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

placed as (

    select
        quoted.*,
        turns.turn,
        turns.days_before,
        cast({{ dbt.dateadd('day', 'turns.days_before', 'quoted.rate_date') }} as date) as holds_from,
        cast({{ dbt.dateadd('day', 'turns.days_at_most', 'quoted.rate_date') }} as date) as holds_until,
        row_number() over (
            partition by quoted.currency_code, quoted.quote_currency_code, quoted.rate_table, quoted.rate_date
            order by quoted.turned, quoted.rate
        ) as place
    from quoted
    inner join turns on quoted.rate_table = turns.rate_table
    where
        quoted.quote_currency_code = {{ reporting_currency() }}
        or quoted.currency_code in (select priced.currency_code from priced)

),

-- A rate holds until the next one does: over weekends and holidays the last one counts. Where none follows it grows
-- too old one day, and the next table is asked.
lasting as (

    select
        *,
        lead(holds_from) over (
            partition by currency_code, quote_currency_code, rate_table order by holds_from
        ) as next_holds_from
    from placed
    where place = 1

),

candidates as (

    select
        currency_code,
        priced_date,
        'same' as exchange_rate_source,
        0 as tables_mixed,
        0 as turn,
        0 as distance,
        0 as days_before,
        cast(1 as decimal(28, 14)) as exchange_rate,
        priced_date as exchange_rate_date
    from priced
    where currency_code = {{ reporting_currency() }}
    union all
    select
        priced.currency_code,
        priced.priced_date,
        lasting.rate_table,
        0 as tables_mixed,
        lasting.turn,
        1 as distance,
        lasting.days_before,
        lasting.rate as exchange_rate,
        lasting.rate_date as exchange_rate_date
    from priced
    inner join lasting
        on
            priced.currency_code = lasting.currency_code
            and lasting.quote_currency_code = {{ reporting_currency() }}
            and priced.priced_date >= lasting.holds_from
            and (priced.priced_date < lasting.next_holds_from or lasting.next_holds_from is null)
            and priced.priced_date <= lasting.holds_until
    where priced.currency_code <> {{ reporting_currency() }}
    -- Over a second currency: best within one table, of two tables only where no single one leads to ours.
    union all
    select
        priced.currency_code,
        priced.priced_date,
        first_leg.rate_table,
        case when first_leg.rate_table = second_leg.rate_table then 0 else 1 end as tables_mixed,
        greatest(first_leg.turn, second_leg.turn) as turn,
        2 as distance,
        greatest(first_leg.days_before, second_leg.days_before) as days_before,
        cast(cast(first_leg.rate as double) * cast(second_leg.rate as double) as decimal(28, 14)) as exchange_rate,
        least(first_leg.rate_date, second_leg.rate_date) as exchange_rate_date
    from priced
    inner join lasting as first_leg
        on
            priced.currency_code = first_leg.currency_code
            and priced.priced_date >= first_leg.holds_from
            and (priced.priced_date < first_leg.next_holds_from or first_leg.next_holds_from is null)
            and priced.priced_date <= first_leg.holds_until
    inner join lasting as second_leg
        on
            first_leg.quote_currency_code = second_leg.currency_code
            and second_leg.quote_currency_code = {{ reporting_currency() }}
            and priced.priced_date >= second_leg.holds_from
            and (priced.priced_date < second_leg.next_holds_from or second_leg.next_holds_from is null)
            and priced.priced_date <= second_leg.holds_until
    where
        priced.currency_code <> {{ reporting_currency() }}
        and first_leg.quote_currency_code <> {{ reporting_currency() }}

),

chosen as (

    select
        *,
        row_number() over (
            partition by currency_code, priced_date
            order by
                tables_mixed asc,
                turn asc,
                distance asc,
                exchange_rate_date desc,
                exchange_rate_source asc,
                exchange_rate asc
        ) as choice
    from candidates

)

select
    priced.currency_code,
    {{ reporting_currency() }} as reporting_currency_code,
    coalesce(chosen.exchange_rate_source, 'none') as exchange_rate_source,
    chosen.exchange_rate,
    coalesce(chosen.days_before, 0) > 0 as is_of_day_before,
    priced.priced_date,
    chosen.exchange_rate_date
from priced
left join chosen
    on
        priced.currency_code = chosen.currency_code
        and priced.priced_date = chosen.priced_date
        and chosen.choice = 1
