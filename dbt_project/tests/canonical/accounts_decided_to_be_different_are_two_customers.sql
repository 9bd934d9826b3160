-- A person's decision holds, also where the rules would join the two accounts through a third.
with

decided as (

    select * from {{ ref('account_pairs') }}
    where rule = 'decision' and outcome = 'apart'

),

matches as (

    select * from {{ ref('account_matches') }}

)

select
    decided.account_key,
    decided.other_account_key,
    matches.customer_key
from decided
inner join matches on decided.account_key = matches.account_key
inner join matches as others on decided.other_account_key = others.account_key
where matches.customer_key = others.customer_key
