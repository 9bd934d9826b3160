-- What took place: tasks that are done, meetings that were not called off.
with

calls as (

    select
        source,
        id,
        hubspot_owner_id,
        'call' as kind,
        cast(round(hs_call_duration / 60000.0) as integer) as minutes,
        coalesce(hs_timestamp, created_at) as happened_at
    from {{ raw('hubspot', 'calls') }}
    where not is_deleted

),

emails as (

    select
        source,
        id,
        hubspot_owner_id,
        'email' as kind,
        cast(null as integer) as minutes,
        coalesce(hs_timestamp, created_at) as happened_at
    from {{ raw('hubspot', 'emails') }}
    where not is_deleted

),

meetings_held as (

    select
        *,
        hs_meeting_start_time as began,
        hs_meeting_end_time as ended
    from {{ raw('hubspot', 'meetings') }}
    where not is_deleted and coalesce(upper(hs_meeting_outcome), '') not in ('CANCELED', 'CANCELLED', 'NO_SHOW')

),

meetings as (

    select
        source,
        id,
        hubspot_owner_id,
        'meeting' as kind,
        {{ dbt.datediff('began', 'ended', 'minute') }} as minutes,
        coalesce(began, hs_timestamp, created_at) as happened_at
    from meetings_held

),

notes as (

    select
        source,
        id,
        hubspot_owner_id,
        'note' as kind,
        cast(null as integer) as minutes,
        coalesce(hs_timestamp, created_at) as happened_at
    from {{ raw('hubspot', 'notes') }}
    where not is_deleted

),

tasks as (

    select
        source,
        id,
        hubspot_owner_id,
        'task' as kind,
        cast(null as integer) as minutes,
        coalesce(hs_timestamp, created_at) as happened_at
    from {{ raw('hubspot', 'tasks') }}
    where not is_deleted and upper(hs_task_status) = 'COMPLETED'

),

activities as (

    select * from calls
    union all
    select * from emails
    union all
    select * from meetings
    union all
    select * from notes
    union all
    select * from tasks

),

associations as (

    select * from {{ ref('stg_hubspot__associations') }}
    where place = 1

),

renamed as (

    select
        activities.source,
        {{ key('activities.source', 'activities.kind', 'activities.id') }} as activity_key,
        {{ key('activities.source', 'companies.other_id') }} as account_key,
        {{ key('activities.source', 'deals.other_id') }} as deal_key,
        {{ key('activities.source', none_text('activities.hubspot_owner_id')) }} as person_key,

        activities.kind,

        activities.minutes,

        activities.happened_at
    from activities
    left join associations as companies
        on
            activities.source = companies.source
            and activities.kind = companies.record_kind
            and companies.other_kind = 'companies'
            and activities.id = companies.record_id
    left join associations as deals
        on
            activities.source = deals.source
            and activities.kind = deals.record_kind
            and deals.other_kind = 'deals'
            and activities.id = deals.record_id

)

select * from renamed
