{%- set until = months_ago(0) -%}
with

customer_acquisitions as (

    select * from {{ ref('customer_acquisitions') }}

),

marketing_costs as (

    select * from {{ ref('marketing_costs') }}
    where cost_date <= {{ as_of() }}

),

campaigns as (

    select * from {{ ref('campaigns') }}

),

customer_profitability as (

    select * from {{ ref('customer_profitability') }}

),

-- Of the days something is priced in a currency the last one until the cost.
lasting_rates as (

    select
        *,
        lead(priced_date) over (partition by currency_code order by priced_date) as next_priced_date
    from {{ ref('reporting_rates') }}

),

-- Who pays is not known where no payments are fed; what is spent is not where no costs are.
fed as (

    select
        max(case when entity = 'payment_allocations' and is_fed then 1 else 0 end) = 1 as is_payment_known,
        max(case when entity = 'marketing_costs' and is_fed then 1 else 0 end) = 1 as is_spend_known
    from {{ ref('coverage') }}

),

touches as (

    select 'first' as touch
    union all
    select 'last' as touch

),

cycles as (

    select
        touches.touch,
        count(customer_acquisitions.cycle_days) as cycles_counted,
        cast(
            percentile_cont(0.5) within group (order by customer_acquisitions.cycle_days) as decimal(18, 1)
        ) as median_cycle_days
    from touches
    left join customer_acquisitions on touches.touch = customer_acquisitions.touch
    group by 1

),

-- Money spent is set against the customers it could have brought: those of a cycle later.
lags as (

    select
        *,
        cast(round(median_cycle_days / 30.4375) as integer) as cycle_months
    from cycles

),

spending as (

    select
        lags.touch,
        coalesce(marketing_costs.channel, campaigns.channel, 'unknown') as channel,
        cast(
            {{ dbt.dateadd('month', 'coalesce(lags.cycle_months, 0)', month_of('marketing_costs.cost_date')) }} as date
        ) as acquisition_month,
        case
            when marketing_costs.currency_code = {{ reporting_currency() }} then marketing_costs.amount
            else cast(marketing_costs.amount * lasting_rates.exchange_rate as decimal(18, 4))
        end as spend_amount
    from marketing_costs
    cross join lags
    left join campaigns on marketing_costs.campaign_key = campaigns.campaign_key
    left join lasting_rates
        on
            marketing_costs.currency_code = lasting_rates.currency_code
            and marketing_costs.cost_date >= lasting_rates.priced_date
            and (marketing_costs.cost_date < lasting_rates.next_priced_date or lasting_rates.next_priced_date is null)

),

spent as (

    select
        touch,
        channel,
        acquisition_month,
        sum(spend_amount) as spend_amount,
        count(case when spend_amount is null then 1 end) as costs_missing_rate
    from spending
    group by 1, 2, 3

),

levels as (

    select {{ deepest_contribution() }} as contribution_level
    from customer_profitability

),

months as (

    select
        customer_acquisitions.touch,
        customer_acquisitions.channel,
        customer_acquisitions.acquisition_month,
        customer_acquisitions.customer_key,
        {{ dbt.datediff('customer_acquisitions.acquisition_month', 'customer_profitability.month', 'month') }}
            as months_since,
        {{ contribution_at('levels.contribution_level') }} as contribution_amount
    from customer_acquisitions
    cross join levels
    left join customer_profitability on customer_acquisitions.customer_key = customer_profitability.customer_key

),

acquired as (

    select
        touch,
        channel,
        acquisition_month,
        count(distinct customer_key) as customers_acquired,
        sum(contribution_amount) as contribution_amount,
        {%- for ahead in [3, 6, 12, 24] %}
            sum(case when months_since < {{ ahead }} then contribution_amount end) as contribution_{{ ahead }}_amount,
        {%- endfor %}
        count(distinct case when contribution_amount is not null then customer_key end) as customers_with_contribution
    from months
    group by 1, 2, 3

),

channels as (

    select channel from spent
    union distinct
    select channel from acquired
    union distinct
    select 'unknown' as channel

),

-- A channel that was never paid for is not free of charge: nobody says what it cost.
paid_channels as (

    select distinct channel
    from spent

),

span as (

    select
        min(acquisition_month) as first_month,
        greatest(max(acquisition_month), {{ until }}) as last_month
    from (
        select acquisition_month from spent
        union all
        select acquisition_month from acquired
    ) as either

),

every_month as (

    select {{ every_month('first_month', 'last_month') }} as acquisition_month
    from span

),

-- Every channel has every month, so that nothing is left out of a quarter because nothing happened in it.
grid as (

    select
        touches.touch,
        channels.channel,
        cast(every_month.acquisition_month as date) as acquisition_month
    from touches
    cross join channels
    cross join every_month

),

joined as (

    select
        grid.*,
        lags.cycle_months,
        lags.median_cycle_days,
        lags.cycles_counted,
        levels.contribution_level,
        fed.is_spend_known and paid_channels.channel is not null as is_spend_known,
        case
            when not fed.is_spend_known or paid_channels.channel is null then null
            when spent.channel is null then 0
            else spent.spend_amount
        end as spend_amount,
        coalesce(spent.costs_missing_rate, 0) as costs_missing_rate,
        case
            when fed.is_payment_known and grid.acquisition_month <= {{ until }}
                then coalesce(acquired.customers_acquired, 0)
        end as customers_acquired,
        case
            when not fed.is_payment_known or grid.acquisition_month > {{ until }} then null
            when acquired.channel is null then 0
            else acquired.contribution_amount
        end as contribution_amount,
        {%- for ahead in [3, 6, 12, 24] %}
            case
                when
                    not fed.is_payment_known
                    or {{ dbt.dateadd('month', ahead, 'grid.acquisition_month') }} > {{ until }}
                    then null
                when acquired.channel is null then 0
                else acquired.contribution_{{ ahead }}_amount
            end as contribution_{{ ahead }}_amount,
        {%- endfor %}
        coalesce(acquired.customers_acquired - acquired.customers_with_contribution, 0)
            as customers_missing_contribution,
        {{ dbt.dateadd('month', '-coalesce(lags.cycle_months, 0)', 'grid.acquisition_month') }} as spend_month
    from grid
    cross join fed
    cross join levels
    inner join lags on grid.touch = lags.touch
    left join paid_channels on grid.channel = paid_channels.channel
    left join spent
        on
            grid.touch = spent.touch
            and grid.channel = spent.channel
            and grid.acquisition_month = spent.acquisition_month
    left join acquired
        on
            grid.touch = acquired.touch
            and grid.channel = acquired.channel
            and grid.acquisition_month = acquired.acquisition_month

)

select
    touch || ':' || channel || ':' || cast(acquisition_month as {{ dbt.type_string() }}) as channel_acquisition_key,
    touch,
    channel,
    {{ reporting_currency() }} as reporting_currency_code,
    contribution_level,
    cycle_months,
    median_cycle_days,
    cycles_counted,
    cast(spend_amount as decimal(18, 4)) as spend_amount,
    costs_missing_rate,
    customers_acquired,
    customers_missing_contribution,
    cast(contribution_amount as decimal(18, 4)) as contribution_amount,
    {%- for ahead in [3, 6, 12, 24] %}
        cast(contribution_{{ ahead }}_amount as decimal(18, 4)) as contribution_{{ ahead }}_months_amount,
    {%- endfor %}
    cast(contribution_amount - spend_amount as decimal(18, 4)) as return_amount,
    cast(case when contribution_amount is not null then spend_amount end as decimal(18, 4)) as return_base_amount,
    coalesce(is_spend_known, false) as is_spend_known,
    acquisition_month < {{ until }} as is_month_over,
    acquisition_month >= (
        select {{ dbt.dateadd('month', 12, 'min(first_purchase_month)') }}
        from (
            select {{ month_of('min(issued_date)') }} as first_purchase_month
            from {{ ref('invoice_values') }}
        ) as history
    ) as has_year_before,
    acquisition_month,
    cast(spend_month as date) as spend_month
from joined
