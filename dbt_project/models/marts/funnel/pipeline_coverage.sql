with

deals as (

    select
        *,
        case when outcome = 'won' then {{ month_of('closed_date') }} else {{ month_of('expected_close_date') }} end
            as period_month
    from {{ ref('funnel_to_cash') }}
    where outcome in ('won', 'open')

),

people as (

    select * from {{ ref('people') }}

),

reporting_rates as (

    select * from {{ ref('reporting_rates') }}
    where priced_date = {{ as_of() }}

),

targets as (

    select
        targets.*,
        cast(targets.period || '-01' as date) as period_month,
        case when targets.currency = {{ reporting_currency() }} then 1 else reporting_rates.exchange_rate end
            as exchange_rate
    from {{ ref('targets') }} as targets
    left join reporting_rates
        on targets.currency = reporting_rates.currency_code
    where targets.measure = 'won'

),

firm_months as (

    select distinct period_month
    from targets
    where owner_key is null

),

-- The firm's own target counts; where it has none, its people's targets are added up.
scoped_targets as (

    select
        'owner' as scope,
        owner_key,
        period_month,
        amount * exchange_rate as amount
    from targets
    where owner_key is not null
    union all
    select
        'firm' as scope,
        cast(null as {{ dbt.type_string() }}) as owner_key,
        targets.period_month,
        targets.amount * targets.exchange_rate as amount
    from targets
    left join firm_months on targets.period_month = firm_months.period_month
    where targets.owner_key is null or firm_months.period_month is null

),

-- A part without a rate leaves no sum.
set_targets as (

    select
        period_month,
        scope,
        owner_key,
        case when count(amount) = count(*) then sum(amount) end as target_amount,
        true as is_set
    from scoped_targets
    group by 1, 2, 3

),

scoped as (

    select
        'firm' as scope,
        cast(null as {{ dbt.type_string() }}) as owner_key,
        period_month,
        outcome,
        is_past_close,
        won_amount,
        deal_amount,
        weighted_amount,
        probability
    from deals
    union all
    select
        'owner' as scope,
        owner_key,
        period_month,
        outcome,
        is_past_close,
        won_amount,
        deal_amount,
        weighted_amount,
        probability
    from deals
    where owner_key is not null

),

summed as (

    select
        period_month,
        scope,
        owner_key,
        sum(case when outcome = 'won' then won_amount else 0 end) as booked_amount,
        sum(case when outcome = 'open' and not is_past_close then deal_amount else 0 end) as open_amount,
        sum(case when is_past_close then deal_amount else 0 end) as past_amount,
        sum(case when outcome = 'open' and not is_past_close then weighted_amount end) as weighted_amount,
        count(case when outcome = 'won' then 1 end) as deals_won,
        count(case when outcome = 'open' and not is_past_close then 1 end) as deals_open,
        count(case when is_past_close then 1 end) as deals_past,
        count(case when outcome = 'open' and not is_past_close and probability is null then 1 end)
            as deals_without_probability
    from scoped
    where period_month is not null
    group by 1, 2, 3

),

periods as (

    select
        coalesce(summed.period_month, set_targets.period_month) as period_month,
        coalesce(summed.scope, set_targets.scope) as scope,
        coalesce(summed.owner_key, set_targets.owner_key) as owner_key,
        set_targets.target_amount,
        coalesce(set_targets.is_set, false) as is_target_set,
        coalesce(summed.booked_amount, 0) as booked_amount,
        coalesce(summed.open_amount, 0) as open_amount,
        coalesce(summed.past_amount, 0) as past_amount,
        summed.weighted_amount,
        coalesce(summed.deals_won, 0) as deals_won,
        coalesce(summed.deals_open, 0) as deals_open,
        coalesce(summed.deals_past, 0) as deals_past,
        coalesce(summed.deals_without_probability, 0) as deals_without_probability
    from summed
    full outer join set_targets
        on
            summed.period_month = set_targets.period_month
            and summed.scope = set_targets.scope
            and coalesce(summed.owner_key, '') = coalesce(set_targets.owner_key, '')

)

select
    cast(periods.period_month as {{ dbt.type_string() }}) || ' ' || coalesce(periods.owner_key, 'firm')
        as pipeline_coverage_key,
    periods.scope,
    periods.owner_key,
    people.name as owner_name,
    case
        when not periods.is_target_set then 'no_target'
        when periods.target_amount is null then 'no_rate'
        when periods.target_amount <= periods.booked_amount then 'met'
        when {{ month_of(as_of()) }} > periods.period_month then 'over'
    end as reason,
    {{ reporting_currency() }} as reporting_currency_code,
    cast(periods.target_amount as decimal(18, 2)) as target_amount,
    cast(periods.booked_amount as decimal(18, 2)) as booked_amount,
    cast(
        case when periods.target_amount > periods.booked_amount then periods.target_amount - periods.booked_amount end
        as decimal(18, 2)
    ) as remaining_amount,
    cast(periods.open_amount as decimal(18, 2)) as open_amount,
    cast(periods.past_amount as decimal(18, 2)) as past_amount,
    cast(periods.weighted_amount as decimal(18, 2)) as weighted_amount,
    periods.deals_won,
    periods.deals_open,
    periods.deals_past,
    periods.deals_without_probability,
    periods.period_month
from periods
left join people on periods.owner_key = people.person_key
