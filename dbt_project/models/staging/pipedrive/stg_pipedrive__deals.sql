with

deals as (

    select * from {{ raw('pipedrive', 'deals') }}

),

organizations as (

    select
        source,
        id
    from {{ raw('pipedrive', 'organizations') }}
    where not is_deleted

),

pipelines as (

    select * from {{ raw('pipedrive', 'pipelines') }}

),

stages as (

    select * from {{ raw('pipedrive', 'stages') }}

),

-- A deal names its channel by the number of a choice.
channel_choices as (

    select
        source,
        option_id,
        min(label) as label
    from {{ raw('pipedrive', 'field_options') }}
    where object = 'deals' and field_code = 'channel'
    group by 1, 2

),

leads as (

    select
        source,
        deal_key,
        min(lead_key) as lead_key
    from {{ ref('stg_pipedrive__leads') }}
    where deal_key is not null
    group by 1, 2

),

-- A deal's own probability goes before the one of its stage.
weighed as (

    select
        *,
        {{ key('source', 'id') }} as deal_key,
        coalesce(
            probability,
            (
                select stages.deal_probability from stages
                where stages.source = deals.source and stages.id = deals.stage_id
            )
        ) as percent
    from deals

),

renamed as (

    select
        deals.source,
        deals.deal_key,
        {{ key('deals.source', 'organizations.id') }} as account_key,
        leads.lead_key,
        {{ key('deals.source', 'deals.owner_id') }} as owner_key,
        {{ source_url('pipedrive', "'/deal/' || deals.id", 'deals.source') }} as source_url,

        {{ none_text('deals.title') }} as name,
        case when deals.status in ('won', 'lost') then deals.status else 'open' end as status,
        coalesce({{ none_text('pipelines.name') }}, cast(deals.pipeline_id as {{ dbt.type_string() }})) as pipeline,
        coalesce({{ none_text('stages.name') }}, cast(deals.stage_id as {{ dbt.type_string() }})) as stage,
        case
            when lower(deals.lost_reason) like 'duplicate%' then 'duplicate'
            else {{ junk_reason('deals.title') }}
        end as excluded_reason,
        {{ channel('channel_choices.label') }} as channel,
        {{ none_text('deals.lost_reason') }} as lost_reason,
        {{ none_text('deals.order_reference') }} as order_reference,
        coalesce({{ none_text('deals.currency') }}, {{ reporting_currency() }}) as currency_code,

        deals.value as amount,
        case when deals.status = 'open' then deals.value * deals.percent / 100 end as expected_amount,
        deals.percent / 100 as probability,

        deals.expected_close_date,

        deals.add_time as created_at,
        case
            when deals.status = 'won' then coalesce(deals.won_time, deals.close_time)
            when deals.status = 'lost' then coalesce(deals.lost_time, deals.close_time)
        end as closed_at
    from weighed as deals
    left join organizations
        on deals.source = organizations.source and deals.org_id = organizations.id
    left join pipelines
        on deals.source = pipelines.source and deals.pipeline_id = pipelines.id
    left join stages
        on deals.source = stages.source and deals.stage_id = stages.id
    left join channel_choices
        on
            deals.source = channel_choices.source
            and cast(deals.channel as {{ dbt.type_string() }}) = channel_choices.option_id
    left join leads on deals.deal_key = leads.deal_key
    where not deals.is_deleted

)

select * from renamed
