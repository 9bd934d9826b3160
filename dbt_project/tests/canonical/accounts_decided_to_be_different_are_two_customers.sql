-- A person's decision holds, also where the rules would join the two accounts through a third.
select
    account_pairs.account_key,
    account_pairs.other_account_key,
    first_matches.customer_key
from {{ ref('account_pairs') }} as account_pairs
inner join {{ ref('account_matches') }} as first_matches on account_pairs.account_key = first_matches.account_key
inner join {{ ref('account_matches') }} as second_matches on account_pairs.other_account_key = second_matches.account_key
where
    account_pairs.rule = 'decision'
    and account_pairs.outcome = 'apart'
    and first_matches.customer_key = second_matches.customer_key
