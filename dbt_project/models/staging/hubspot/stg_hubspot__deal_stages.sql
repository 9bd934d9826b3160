-- The history has a row each time the stage was written, the same stage too: only rows that differ from the one before
-- are passes. Ids of stages are unique over all pipelines, so that a move to another pipeline is a pass as well.
with

history as (

    select * from {{ raw('hubspot', 'deal_stage_history') }}

),

stages as (

    select * from {{ raw('hubspot', 'deal_stages') }}

),

deals as (

    select * from {{ raw('hubspot', 'deals') }}

),

compared as (

    select
        history.source,
        history.id,
        history.deal_id,
        history.value as stage_id,
        history.timestamp as entered_at,
        lag(history.value) over (
            partition by history.source, history.deal_id order by history.timestamp, history.id
        ) as previous_stage_id
    from history
    inner join deals
        on history.source = deals.source and history.deal_id = deals.id
    where
        not deals.is_deleted
        and history.property = 'dealstage'
        and history.timestamp is not null
        and {{ none_text('history.value') }} is not null

),

renamed as (

    select
        compared.source,
        {{ key('compared.source', 'compared.id') }} as deal_stage_key,
        {{ key('compared.source', 'compared.deal_id') }} as deal_key,
        {{ source_url('hubspot', "'/record/0-3/' || compared.deal_id", 'compared.source') }} as source_url,

        coalesce({{ none_text('stages.label') }}, compared.stage_id) as stage,
        'log' as method,

        stages.display_order as stage_order,

        compared.entered_at,
        lead(compared.entered_at) over (
            partition by compared.source, compared.deal_id order by compared.entered_at, compared.id
        ) as exited_at
    from compared
    left join stages
        on compared.source = stages.source and compared.stage_id = stages.id
    where compared.previous_stage_id is distinct from compared.stage_id

)

select * from renamed
