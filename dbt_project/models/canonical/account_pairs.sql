with

account_links as (

    select * from {{ ref('account_links') }}

)

select
    account_pair_key,
    account_key,
    other_account_key,
    rule,
    outcome,
    reason,
    agreed,
    disagreed,
    evidence,
    cast(score as decimal(9, 4)) as score,
    cast(confidence as decimal(5, 4)) as confidence
from account_links
