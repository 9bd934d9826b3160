-- Livespace keeps no history: a deal came into a stage no later than when it was changed before it was seen there.
with

versions as (

    select * from {{ raw('livespace', 'deal_versions') }}

),

deals as (

    select * from {{ raw('livespace', 'deals') }}

),

stages as (

    select * from {{ raw('livespace', 'stages') }}

),

compared as (

    select
        versions.source,
        versions.id,
        versions.deal_id,
        deals.url,
        versions.stage_id,
        versions.modified as entered_at,
        lag(versions.stage_id) over (
            partition by versions.source, versions.deal_id order by versions.modified
        ) as previous_stage_id
    from versions
    inner join deals
        on versions.source = deals.source and versions.deal_id = deals.id
    where not deals.is_deleted and versions.modified is not null and {{ none_text('versions.stage_id') }} is not null

),

renamed as (

    select
        compared.source,
        {{ key('compared.source', 'compared.id') }} as deal_stage_key,
        {{ key('compared.source', 'compared.deal_id') }} as deal_key,
        {{ none_text('compared.url') }} as source_url,

        coalesce({{ none_text('stages.name') }}, compared.stage_id) as stage,
        'snapshot' as method,

        stages.place as stage_order,

        compared.entered_at,
        lead(compared.entered_at) over (
            partition by compared.source, compared.deal_id order by compared.entered_at
        ) as exited_at
    from compared
    left join stages
        on compared.source = stages.source and compared.stage_id = stages.id
    where compared.previous_stage_id is distinct from compared.stage_id

)

select * from renamed
