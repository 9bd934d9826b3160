-- What is planned and not done yet has not happened.
with

activities as (

    select * from {{ raw('pipedrive', 'activities') }}

),

organizations as (

    select
        source,
        id
    from {{ raw('pipedrive', 'organizations') }}
    where not is_deleted

),

deals as (

    select
        source,
        id
    from {{ raw('pipedrive', 'deals') }}
    where not is_deleted

),

renamed as (

    select
        activities.source,
        {{ key('activities.source', 'activities.id') }} as activity_key,
        {{ key('activities.source', 'organizations.id') }} as account_key,
        {{ key('activities.source', 'deals.id') }} as deal_key,
        {{ key('activities.source', 'activities.owner_id') }} as person_key,

        coalesce({{ none_text('activities.type') }}, 'task') as kind,

        -- hours and minutes, 01:30
        cast(split_part({{ none_text('activities.duration') }}, ':', 1) as integer) * 60
        + cast(split_part({{ none_text('activities.duration') }}, ':', 2) as integer) as minutes,

        -- Its day and its hour are kept apart; the hour is in UTC, a day without one is a day here.
        coalesce(
            activities.due_date + cast({{ none_text('activities.due_time') }} as time),
            {{ start_of_local_day('activities.due_date') }},
            activities.marked_as_done_time,
            activities.add_time
        ) as happened_at
    from activities
    left join organizations
        on activities.source = organizations.source and activities.org_id = organizations.id
    left join deals
        on activities.source = deals.source and activities.deal_id = deals.id
    where
        not activities.is_deleted
        and activities.done
        and coalesce(activities.due_date, activities.marked_as_done_time, activities.add_time) is not null

)

select * from renamed
