-- A person's decision holds, also where the rules would join the two accounts through a third.
{{ config(severity='warn') }}

select
    decisions.account_key_a,
    decisions.account_key_b,
    first_matches.customer_key
from {{ ref('account_decisions') }} as decisions
inner join {{ ref('account_matches') }} as first_matches on decisions.account_key_a = first_matches.account_key
inner join {{ ref('account_matches') }} as second_matches on decisions.account_key_b = second_matches.account_key
where decisions.decision = 'different' and first_matches.customer_key = second_matches.customer_key
