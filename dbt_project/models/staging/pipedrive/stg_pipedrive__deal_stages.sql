-- The load has put the changes of each deal in order, one row a pass; a deal that is gone keeps none here.
with

passes as (

    select * from {{ raw('pipedrive', 'deal_stages') }}

),

deals as (

    select * from {{ raw('pipedrive', 'deals') }}

),

stages as (

    select * from {{ raw('pipedrive', 'stages') }}

),

renamed as (

    select
        passes.source,
        {{ key('passes.source', 'passes.id') }} as deal_stage_key,
        {{ key('passes.source', 'passes.deal_id') }} as deal_key,
        {{ source_url('pipedrive', "'/deal/' || passes.deal_id", 'passes.source') }} as source_url,

        -- A renamed stage is one stage: its present name counts, the one in the log only where the stage is gone.
        coalesce(
            {{ none_text('stages.name') }},
            {{ none_text('passes.stage_name') }},
            cast(passes.stage_id as {{ dbt.type_string() }})
        ) as stage,
        passes.method,

        stages.order_nr as stage_order,

        passes.entered_at,
        lead(passes.entered_at) over (
            partition by passes.source, passes.deal_id order by passes.position
        ) as exited_at
    from passes
    inner join deals
        on passes.source = deals.source and passes.deal_id = deals.id
    left join stages
        on passes.source = stages.source and passes.stage_id = stages.id
    where not deals.is_deleted and passes.entered_at is not null

)

select * from renamed
