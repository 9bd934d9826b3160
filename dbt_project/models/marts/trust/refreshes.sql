{{ config(pre_hook={'sql': keep_refreshes(), 'transaction': false}) }}

with

refreshes as (

    select * from remembered.main.refreshes

)

select
    refresh_id,
    outcome,
    failed_step,
    reason,
    exit_code,
    as_of,
    started_at,
    ended_at
from refreshes
