-- Each grain has its row also before anything could be scored: it says from which day on that will be so.
with

grains as (

    select 'week' as grain
    union all
    select 'month' as grain

),

forecasts_kept as (

    select * from {{ ref('forecasts_kept') }}

),

kept as (

    select
        grain,
        min(as_of_date) as kept_since_date,
        count(distinct as_of_date) as days_kept,
        min(case when periods_ahead > 0 then period_end end) as scored_from_date,
        count(case when periods_ahead > 0 and period_end <= {{ as_of() }} then 1 end) as forecasts_scored
    from forecasts_kept
    group by 1

)

select
    grains.grain,
    coalesce(kept.days_kept, 0) as days_kept,
    coalesce(kept.forecasts_scored, 0) as forecasts_scored,
    coalesce(kept.forecasts_scored, 0) > 0 as is_scored,
    kept.kept_since_date,
    kept.scored_from_date
from grains
left join kept on grains.grain = kept.grain
