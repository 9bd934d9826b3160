-- Two numbers that are both right are two firms, unless somebody who knows said otherwise.
select
    account_matches.customer_key,
    min(account_fields.tax_id) as tax_id,
    max(account_fields.tax_id) as other_tax_id
from {{ ref('account_fields') }} as account_fields
inner join {{ ref('account_matches') }} as account_matches on account_fields.account_key = account_matches.account_key
where account_fields.tax_id is not null
group by account_matches.customer_key, substring(account_fields.tax_id, 1, 2)
having
    min(account_fields.tax_id) <> max(account_fields.tax_id)
    and max(case when account_matches.rule = 'decision' then 1 else 0 end) = 0
