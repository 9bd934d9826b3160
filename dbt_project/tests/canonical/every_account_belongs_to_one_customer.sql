-- Every account has a customer, every customer an account. Otherwise revenue of an account would be nobody's, or two
-- customers'.
select
    accounts.account_key,
    account_matches.customer_key
from {{ ref('accounts') }} as accounts
full outer join {{ ref('account_matches') }} as account_matches
    on accounts.account_key = account_matches.account_key
full outer join {{ ref('customers') }} as customers
    on account_matches.customer_key = customers.customer_key
where accounts.account_key is null or account_matches.account_key is null or customers.customer_key is null
