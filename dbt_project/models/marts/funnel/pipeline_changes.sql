with

pipeline_change_deals as (

    select * from {{ ref('pipeline_change_deals') }}

)

select
    cast(to_date as {{ dbt.type_string() }})
    || ' ' || kind
    || ' ' || coalesce(cast(close_month as {{ dbt.type_string() }}), 'none') as pipeline_change_key,
    kind,
    max(reporting_currency_code) as reporting_currency_code,
    cast(sum(amount) as decimal(18, 2)) as amount,
    case kind
        when 'opening' then 1
        when 'new' then 2
        when 'reopened' then 3
        when 'grown' then 4
        when 'shrunk' then 5
        when 'revalued' then 6
        when 'slipped' then 7
        when 'pulled_in' then 8
        when 'won' then 9
        when 'lost' then 10
        when 'removed' then 11
        else 12
    end as kind_place,
    count(distinct deal_key) as deals_counted,
    close_month,
    max(from_date) as from_date,
    to_date
from pipeline_change_deals
group by 1, 2, 5, 7, 9
