with

tasks as (

    select
        source,
        id,
        what_id,
        account_id,
        owner_id,
        lower(coalesce({{ none_text('task_subtype') }}, 'task')) as kind,
        cast(round(call_duration_in_seconds / 60.0) as integer) as minutes,
        coalesce({{ start_of_local_day('activity_date') }}, created_date) as happened_at
    from {{ raw('salesforce', 'tasks') }}
    where not is_deleted

),

events as (

    select
        source,
        id,
        what_id,
        account_id,
        owner_id,
        lower(coalesce({{ none_text('type') }}, 'meeting')) as kind,
        cast(duration_in_minutes as integer) as minutes,
        start_date_time as happened_at
    from {{ raw('salesforce', 'events') }}
    where not is_deleted and start_date_time is not null

),

activities as (

    select * from tasks
    union all
    select * from events

),

survivors as (

    select * from {{ ref('stg_salesforce__survivors') }}

),

opportunities as (

    select
        source,
        id
    from {{ raw('salesforce', 'opportunities') }}
    where not is_deleted

),

-- What an activity is about is an account (001…), an opportunity (006…) or something else.
about as (

    select
        *,
        coalesce({{ none_text('account_id') }}, case when what_id like '001%' then what_id end) as any_account_id,
        case when what_id like '006%' then what_id end as opportunity_id
    from activities

),

renamed as (

    select
        about.source,
        {{ key('about.source', 'about.id') }} as activity_key,
        {{ key('about.source', 'coalesce(survivors.survivor_id, about.any_account_id)') }} as account_key,
        {{ key('about.source', 'opportunities.id') }} as deal_key,
        {{ key('about.source', none_text('about.owner_id')) }} as person_key,

        about.kind,

        about.minutes,

        about.happened_at
    from about
    left join survivors
        on about.source = survivors.source and about.any_account_id = survivors.account_id
    left join opportunities
        on about.source = opportunities.source and about.opportunity_id = opportunities.id

)

select * from renamed
