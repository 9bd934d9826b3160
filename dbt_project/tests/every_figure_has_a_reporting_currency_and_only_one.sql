-- If this fails, amounts of two currencies are added up on a page.
select count(distinct reporting_currency_code) as currencies
from (
    select reporting_currency_code from {{ ref('profitability_lines') }}
    union all
    select reporting_currency_code from {{ ref('order_cycle_time') }}
    union all
    select reporting_currency_code from {{ ref('funnel_to_cash') }}
) as every_mart
having count(distinct reporting_currency_code) > 1
