with

funnel_leakage_deals as (

    select * from {{ ref('funnel_leakage_deals') }}

)

select
    coalesce(cast(won_month as {{ dbt.type_string() }}), 'unknown') || ' ' || step as funnel_leakage_key,
    step,
    max(reporting_currency_code) as reporting_currency_code,
    cast(sum(amount) as decimal(18, 2)) as amount,
    max(step_place) as step_place,
    count(case when is_main_step then 1 end) as deals_counted,
    count(case when amount <> 0 then 1 end) as deals_touched,
    won_month
from funnel_leakage_deals
group by 1, 2, 8
