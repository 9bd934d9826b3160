{%- set columns = pipeline_snapshot_columns() -%}

with

-- What earlier refreshes wrote down; a row that came back in two versions is the one written last.
remembered_rows as (

    select
        *,
        row_number() over (partition by pipeline_snapshot_key order by frozen_at desc, amount desc) as version
    from remembered.main.pipeline_snapshots

),

last_day as (

    select max(as_of_date) as as_of_date
    from remembered_rows

),

-- A day behind which a later one stands is told as it was written down, whatever the CRM says of it today.
earlier as (

    select remembered_rows.*
    from remembered_rows
    cross join last_day
    where
        remembered_rows.version = 1
        and (
            remembered_rows.as_of_date < {{ as_of() }}
            or (remembered_rows.as_of_date = {{ as_of() }} and last_day.as_of_date > {{ as_of() }})
        )

),

this_day as (

    select distinct as_of_date
    from earlier
    where as_of_date = {{ as_of() }}

),

last_snapshot as (

    select max(as_of_date) as last_date
    from earlier
    where as_of_date < {{ as_of() }}

),

open_before as (

    select earlier.deal_key
    from earlier
    inner join last_snapshot on earlier.as_of_date = last_snapshot.last_date
    where earlier.status = 'open'

),

today as (

    select
        pipeline_today.*,
        pipeline_today.deal_key || ' ' || cast({{ as_of() }} as {{ dbt.type_string() }}) as pipeline_snapshot_key,
        {{ as_of() }} as as_of_date
    from {{ ref('pipeline_today') }} as pipeline_today
    cross join last_snapshot
    left join open_before on pipeline_today.deal_key = open_before.deal_key
    left join this_day on {{ as_of() }} = this_day.as_of_date
    where
        this_day.as_of_date is null
        and (
            pipeline_today.status = 'open'
            or pipeline_today.closed_date >= last_snapshot.last_date
            or {{ days_between('pipeline_today.closed_date', as_of()) }} <= 31
            or open_before.deal_key is not null
        )

)

select {{ columns | join(', ') }}
from earlier
union all
select {{ columns | join(', ') }}
from today
