{%- set groupings = {
    'pipeline': 'marked.pipeline', 'owner': 'marked.owner_key', 'channel': 'marked.channel',
    'segment': 'marked.segment'
} -%}
{%- set names = {'owner': 'marked.owner_name, marked.owner_key'} -%}
with

deals as (

    select * from {{ ref('funnel_to_cash') }}
    where anchor_kind = 'deal' and not is_excluded

),

deal_stage_passes as (

    select * from {{ ref('deal_stage_passes') }}

),

-- Qualified is what has come beyond the first stage; where no stages are known, every open deal.
staged as (

    select
        deal_key,
        max(case when not is_skipped then stage_place end) as furthest_place
    from deal_stage_passes
    group by 1

),

marked as (

    select
        deals.deal_key,
        deals.reporting_currency_code,
        deals.pipeline,
        deals.owner_key,
        deals.owner_name,
        deals.channel,
        deals.segment,
        case
            when deals.outcome = 'open' and (staged.furthest_place > 1 or staged.furthest_place is null) then 1
            else 0
        end as is_qualified,
        case
            when
                deals.outcome = 'won'
                and {{ days_between('deals.closed_date', as_of()) }} between 0 and 364
                and deals.won_amount is not null
                then deals.won_amount
        end as won_amount,
        case
            when
                deals.outcome = 'won' and {{ days_between('deals.closed_date', as_of()) }} between 0 and 364
                then deals.days_deal_to_won
        end as cycle_days,
        case
            when {{ days_between('deals.deal_created_date', as_of()) }} between 0 and 364 then deals.outcome
        end as cohort_outcome
    from deals
    left join staged on deals.deal_key = staged.deal_key

),

groups as (

    select
        'all' as grouping_kind,
        'all' as group_key,
        'all' as group_name,
        marked.*
    from marked
    {% for kind, key in groupings.items() %}
        union all
        select
            '{{ kind }}' as grouping_kind,
            coalesce({{ key }}, 'unknown') as group_key,
            coalesce({{ names.get(kind, key) }}, 'unknown') as group_name,
            marked.*
        from marked
    {%- endfor %}

),

parts as (

    select
        grouping_kind,
        group_key,
        max(group_name) as group_name,
        max(reporting_currency_code) as reporting_currency_code,
        sum(is_qualified) as qualified_deals,
        sum(won_amount) as won_amount,
        count(won_amount) as won_deals,
        count(case when cohort_outcome = 'won' then 1 end) as cohort_won,
        count(cohort_outcome) as cohort_deals,
        count(case when cohort_outcome = 'open' then 1 end) as cohort_open,
        percentile_cont(0.5) within group (order by cycle_days) as median_cycle_days,
        count(cycle_days) as cycles_counted
    from groups
    group by 1, 2

)

-- A part that nothing is known of makes the whole unknown, and so does a cycle of no days.
select
    grouping_kind || ' ' || group_key as sales_velocity_key,
    grouping_kind,
    group_key,
    group_name,
    case
        when won_deals = 0 then 'no_deals_won'
        when cohort_deals = 0 then 'no_deals_opened'
        when median_cycle_days is null or median_cycle_days <= 0 then 'no_cycle'
    end as missing_part,
    reporting_currency_code,
    cast(won_amount / nullif(won_deals, 0) as decimal(18, 2)) as average_amount,
    cast(
        cast(won_amount as double) / nullif(won_deals, 0)
        * qualified_deals
        * cohort_won / nullif(cohort_deals, 0)
        / case when median_cycle_days > 0 then median_cycle_days end
        as decimal(18, 2)
    ) as velocity_amount,
    cast(won_amount as decimal(18, 2)) as won_amount,
    cast(median_cycle_days as decimal(9, 1)) as median_cycle_days,
    cast(qualified_deals as {{ dbt.type_bigint() }}) as qualified_deals,
    won_deals,
    cohort_won,
    cohort_deals,
    cohort_open,
    cycles_counted
from parts
