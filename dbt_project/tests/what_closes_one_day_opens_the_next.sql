-- If this fails, the pipeline that one comparison ends with is not the one that the next begins with.
with

closing as (

    select
        to_date as snapshot_date,
        sum(amount) as amount
    from {{ ref('pipeline_changes') }}
    where kind = 'closing'
    group by 1

),

opening as (

    select
        from_date as snapshot_date,
        sum(amount) as amount
    from {{ ref('pipeline_changes') }}
    where kind = 'opening'
    group by 1

)

select
    opening.snapshot_date,
    closing.amount as closing_amount,
    opening.amount as opening_amount
from opening
inner join closing on opening.snapshot_date = closing.snapshot_date
where opening.amount <> closing.amount
