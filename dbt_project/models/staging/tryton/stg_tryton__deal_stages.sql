-- What a record went through while it was only a lead is no stage of a deal.
with

stages as (

    select
        *,
        {{ key('source', 'company_id', "'sale.opportunity,' || deal_id") }} as deal_key
    from {{ raw('tryton', 'opportunity_stages') }}
    where not is_deleted

),

deals as (

    select * from {{ ref('stg_tryton__deals') }}

),

renamed as (

    select
        stages.source,
        stages.deal_key || ':' || stages.position as deal_stage_key,
        stages.deal_key,
        deals.source_url,

        stages.stage_name as stage,
        stages.method,

        stages.stage_id as stage_order,

        stages.entered_at,
        lead(stages.entered_at) over (partition by stages.deal_key order by stages.position) as exited_at
    from stages
    inner join deals on stages.deal_key = deals.deal_key
    where stages.stage_name is not null and stages.stage_name != 'lead'

)

select * from renamed
