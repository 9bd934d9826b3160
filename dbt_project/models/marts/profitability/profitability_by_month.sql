with

profitability_lines as (

    select * from {{ ref('profitability_lines') }}

),

covered_months as (

    select * from {{ ref('covered_months') }}

),

months as (

    select
        'period' as clock,
        channel,
        owner_key,
        owner_name,
        posted_month as month,
        {{- ladder_sums() }}
    from profitability_lines
    group by 1, 2, 3, 4, 5
    union all
    select
        'cohort' as clock,
        channel,
        owner_key,
        owner_name,
        cohort_month as month,
        {{- ladder_sums('sum(cohort_cm3_amount)') }}
    from profitability_lines
    group by 1, 2, 3, 4, 5

)

select
    months.clock || ':' || cast(months.month as {{ dbt.type_string() }}) || ':' || coalesce(months.channel, '') || ':'
    || coalesce(months.owner_key, '') as profitability_by_month_key,
    months.clock,
    months.channel,
    months.owner_key,
    months.owner_name,
    {{ reporting_currency() }} as reporting_currency_code,
    {{- ladder_shown('months') }},
    covered_months.month is not null as has_cost_pools,
    months.month
from months
left join covered_months on months.month = covered_months.month
