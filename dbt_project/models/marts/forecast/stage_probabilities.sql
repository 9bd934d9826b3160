with

stage_chances as (

    select * from {{ ref('stage_chances') }}

)

select
    source || ' ' || coalesce(pipeline, '') || ' ' || stage || ' ' || age_band as stage_probability_key,
    source,
    pipeline,
    stage,
    age_band,
    method,
    cast(stage_order as integer) as stage_order,
    cast(probability as decimal(9, 6)) as probability,
    cast(crm_probability as decimal(9, 6)) as crm_probability,
    closed_deals,
    open_deals
from stage_chances
