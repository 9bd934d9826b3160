-- Only where two accounts disagree: the word that counts, and every other one that it goes against.
with

customer_fields as (

    select * from {{ ref('customer_fields') }}

),

winners as (

    select * from customer_fields
    where place = 1

),

against as (

    select
        said.*,
        case
            when winners.is_decided = 1 then 'decision'
            when winners.master = 'newest' then 'newest'
            when winners.is_masters > said.is_masters then 'master_' || winners.master
            when winners.is_masters = 1 then 'first_made'
            else 'master_silent'
        end as reason
    from customer_fields as said
    inner join winners
        on
            said.customer_key = winners.customer_key
            and said.field = winners.field
            and said.compared <> winners.compared

),

-- The winner's own reason is the strongest of those it goes against the others by.
reasons as (

    select
        customer_key,
        field,
        coalesce(max(case when reason like 'master_%' then reason end), max(reason)) as reason
    from against
    group by 1, 2

),

contested as (

    select
        winners.*,
        reasons.reason
    from winners
    inner join reasons on winners.customer_key = reasons.customer_key and winners.field = reasons.field
    union all
    select * from against

)

select
    {{ dbt.hash("customer_key || ' ' || field || ' ' || account_key || ' ' || is_decided") }} as customer_value_key,
    customer_key,
    account_key,
    source,
    field,
    shown as value,
    master,
    reason,
    place = 1 as is_winner,
    changed_at
from contested
