{%- set ranges = [1, 3, 12] -%}
{#- How many months a single customer's sales are counted back. -#}
{%- set customer_months = 24 -%}
with

receivables_by_month as (

    select
        *,
        cast(extract(year from month) * 12 + extract(month from month) as integer) as month_number
    from {{ ref('receivables_by_month') }}

),

months as (

    select
        month,
        month_number,
        balance_date,
        is_month_over,
        is_closed,
        max(month_number) over () as last_number,
        min(month_number) over () as first_number,
        min(month) over () as first_month,
        {{ days_between('month', 'balance_date') }} + 1 as days
    from receivables_by_month
    group by month, month_number, balance_date, is_month_over, is_closed

),

-- Each month for the whole firm, and the last thirteen for each customer.
grouped as (

    select
        'all' as grouped_by,
        'all' as customer_key,
        'all' as customer_name,
        {%- for basis in ['gross', 'net'] %}
            sum(opening_{{ basis }}_amount) as opening_{{ basis }},
            sum(closing_{{ basis }}_amount) as closing_{{ basis }},
            sum(current_{{ basis }}_amount) as current_{{ basis }},
            sum(disputed_{{ basis }}_amount) as disputed_{{ basis }},
            sum(disputed_overdue_{{ basis }}_amount) as disputed_overdue_{{ basis }},
            sum(sales_{{ basis }}_amount + credited_{{ basis }}_amount) as sales_{{ basis }},
        {%- endfor %}
        month_number
    from receivables_by_month
    group by month_number
    union all
    select
        'customer' as grouped_by,
        customer_key,
        customer_name,
        {%- for basis in ['gross', 'net'] %}
            opening_{{ basis }}_amount as opening_{{ basis }},
            closing_{{ basis }}_amount as closing_{{ basis }},
            current_{{ basis }}_amount as current_{{ basis }},
            disputed_{{ basis }}_amount as disputed_{{ basis }},
            disputed_overdue_{{ basis }}_amount as disputed_overdue_{{ basis }},
            sales_{{ basis }}_amount + credited_{{ basis }}_amount as sales_{{ basis }},
        {%- endfor %}
        month_number
    from receivables_by_month

),

ranges as (
    {% for range in ranges %}
        select {{ range }} as months
        {{ "union all" if not loop.last }}
    {%- endfor %}

),

-- Every range of months that ends in a month, with the history that there is of it.
spans as (

    select
        months.month,
        months.month_number,
        months.balance_date,
        months.is_month_over,
        months.is_closed,
        months.last_number,
        ranges.months,
        greatest(months.month_number - ranges.months + 1, months.first_number) as from_number,
        months.month_number - ranges.months + 1 >= months.first_number as is_complete
    from months
    cross join ranges

),

dated_spans as (

    select
        *,
        month_number - from_number + 1 as months_counted,
        {{ days_between(
            'cast(' ~ dbt.dateadd('month', 'from_number - month_number', 'month') ~ ' as date)', 'balance_date'
        ) }} + 1 as days
    from spans

),

spanned as (

    select
        grouped.grouped_by,
        grouped.customer_key,
        grouped.customer_name,
        dated_spans.month,
        dated_spans.months,
        dated_spans.month_number,
        dated_spans.is_month_over,
        dated_spans.is_closed,
        dated_spans.is_complete,
        dated_spans.months_counted,
        dated_spans.days,
        {%- for basis in ['gross', 'net'] %}
            sum(case when grouped.month_number = dated_spans.from_number then grouped.opening_{{ basis }} else 0 end)
                as opening_{{ basis }},
            {%- for name in ['closing', 'current', 'disputed', 'disputed_overdue'] %}
                sum(
                    case
                        when grouped.month_number = dated_spans.month_number then grouped.{{ name }}_{{ basis }}
                        else 0
                    end
                ) as {{ name }}_{{ basis }},
                sum(grouped.{{ name }}_{{ basis }}) as {{ name }}_total_{{ basis }},
            {%- endfor %}
            sum(grouped.sales_{{ basis }}) as sales_{{ basis }},
        {%- endfor %}
        dated_spans.balance_date
    from grouped
    inner join dated_spans
        on
            grouped.month_number <= dated_spans.month_number
            and grouped.month_number >= dated_spans.from_number
    where grouped.grouped_by = 'all' or dated_spans.month_number > dated_spans.last_number - 13
    group by
        grouped.grouped_by,
        grouped.customer_key,
        grouped.customer_name,
        dated_spans.month,
        dated_spans.months,
        dated_spans.month_number,
        dated_spans.balance_date,
        dated_spans.is_month_over,
        dated_spans.is_closed,
        dated_spans.is_complete,
        dated_spans.months_counted,
        dated_spans.days

),

selling as (

    select
        grouped.grouped_by,
        grouped.customer_key,
        grouped.sales_gross,
        months.month_number,
        months.balance_date,
        months.days
    from grouped
    inner join months on grouped.month_number = months.month_number
    where grouped.sales_gross > 0

),

-- Sales are taken off what is owed, newest month first; the month in which it runs out counts in proportion. Of the
-- firm all of history counts, of a single customer the last two years.
counted_back as (

    select
        spanned.grouped_by,
        spanned.customer_key,
        spanned.month_number,
        spanned.balance_date,
        spanned.closing_gross,
        selling.sales_gross,
        selling.days,
        selling.balance_date as sold_until,
        sum(selling.sales_gross) over (
            partition by spanned.grouped_by, spanned.customer_key, spanned.month_number
            order by selling.month_number desc
            rows unbounded preceding
        ) as sales_so_far
    from spanned
    inner join selling
        on
            spanned.grouped_by = selling.grouped_by
            and spanned.customer_key = selling.customer_key
            and spanned.month_number >= selling.month_number
            and (spanned.grouped_by = 'all' or selling.month_number > spanned.month_number - {{ customer_months }})
    where spanned.months = 1 and spanned.closing_gross > 0

),

countback as (

    select
        grouped_by,
        customer_key,
        month_number,
        {{ days_between('sold_until', 'balance_date') }}
        + days * cast(closing_gross - (sales_so_far - sales_gross) as double) / cast(sales_gross as double)
            as days_back
    from counted_back
    where sales_so_far >= closing_gross and sales_so_far - sales_gross < closing_gross

),

history as (

    select
        'all' as grouped_by,
        month_number,
        first_month as counted_from
    from months
    union all
    select
        'customer' as grouped_by,
        month_number,
        greatest(
            first_month, cast({{ dbt.dateadd('month', 1 - customer_months, 'month') }} as date)
        ) as counted_from
    from months

)

select
    spanned.grouped_by || ':' || spanned.customer_key || ':' || cast(spanned.month as {{ dbt.type_string() }}) || ':'
    || cast(spanned.months as {{ dbt.type_string() }}) as days_sales_outstanding_key,
    spanned.grouped_by,
    spanned.customer_key,
    spanned.customer_name,
    {{ reporting_currency() }} as reporting_currency_code,
    cast(spanned.months as integer) as months,
    cast(spanned.months_counted as integer) as months_counted,
    cast(spanned.days as integer) as days,
    {%- for basis in ['gross', 'net'] %}
        {%- set decimals = 2 if basis == 'gross' else 4 %}
        {%- for name in ['opening', 'sales', 'closing', 'current', 'disputed', 'disputed_overdue'] %}
            cast(spanned.{{ name }}_{{ basis }} as decimal(18, {{ decimals }})) as {{ name }}_{{ basis }}_amount,
        {%- endfor %}
        {%- for name in ['closing', 'current', 'disputed', 'disputed_overdue'] %}
            cast(spanned.{{ name }}_total_{{ basis }} / spanned.months_counted as decimal(18, {{ decimals }}))
                as average_{{ name }}_{{ basis }}_amount,
        {%- endfor %}
    {%- endfor %}
    cast(
        case
            when spanned.months > 1 then null
            when spanned.closing_gross <= 0 then 0
            when countback.days_back is not null then countback.days_back
            else {{ days_between('history.counted_from', 'spanned.balance_date') }} + 1
        end
        as decimal(18, 2)
    ) as countback_days,
    case when spanned.months = 1 then spanned.closing_gross > 0 and countback.days_back is null end
        as is_history_exhausted,
    spanned.is_complete,
    spanned.is_month_over,
    spanned.is_closed,
    spanned.month,
    spanned.balance_date
from spanned
inner join history on spanned.grouped_by = history.grouped_by and spanned.month_number = history.month_number
left join countback
    on
        spanned.grouped_by = countback.grouped_by
        and spanned.customer_key = countback.customer_key
        and spanned.month_number = countback.month_number
