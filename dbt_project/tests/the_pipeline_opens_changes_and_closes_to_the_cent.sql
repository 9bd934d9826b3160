-- If this fails, money came to the pipeline or left it between two days and no kind of change says so.
with

sums as (

    select
        to_date,
        close_month,
        sum(case when kind = 'closing' then -amount else amount end) as unexplained_amount
    from {{ ref('pipeline_changes') }}
    group by 1, 2

)

select *
from sums
where unexplained_amount <> 0
