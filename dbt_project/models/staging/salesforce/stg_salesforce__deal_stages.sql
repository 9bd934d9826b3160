-- The history has a row for each change of stage, amount, probability or close date, and no old stage:
-- only rows whose stage differs from the row before are passes.
with

history as (

    select * from {{ raw('salesforce', 'opportunity_history') }}

),

stages as (

    select * from {{ raw('salesforce', 'opportunity_stages') }}

),

opportunities as (

    select * from {{ raw('salesforce', 'opportunities') }}

),

compared as (

    select
        history.*,
        lag(history.stage_name) over (
            partition by history.source, history.opportunity_id order by history.created_date, history.id
        ) as previous_stage_name
    from history
    inner join opportunities
        on history.source = opportunities.source and history.opportunity_id = opportunities.id
    where not history.is_deleted and not opportunities.is_deleted and history.stage_name is not null

),

renamed as (

    select
        compared.source,
        {{ key('compared.source', 'compared.id') }} as deal_stage_key,
        {{ key('compared.source', 'compared.opportunity_id') }} as deal_key,
        {{ source_url(
            'salesforce',
            "'/lightning/r/Opportunity/' || compared.opportunity_id || '/view'",
            'compared.source',
        ) }} as source_url,

        compared.stage_name as stage,
        'log' as method,

        stages.sort_order as stage_order,

        compared.created_date as entered_at,
        lead(compared.created_date) over (
            partition by compared.source, compared.opportunity_id order by compared.created_date, compared.id
        ) as exited_at
    from compared
    left join stages
        on compared.source = stages.source and compared.stage_name = stages.master_label and not stages.is_deleted
    where compared.previous_stage_name is distinct from compared.stage_name

)

select * from renamed
