-- What advanced from a step is found at a later one.
with

funnel_steps as (

    select * from {{ ref('funnel_steps') }}

),

reached as (

    select
        anchor_key,
        max(step_place) as furthest_place,
        max(case when step_outcome = 'advanced' and step <> 'collected' then step_place end) as advanced_place
    from funnel_steps
    group by 1

)

select *
from reached
where advanced_place >= furthest_place
