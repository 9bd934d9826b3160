-- A group's top is a customer in its own group, and who has a parent is in the parent's group. Otherwise sums by group
-- would lose a customer or have one twice.
select
    customers.customer_key,
    customers.group_key
from {{ ref('customers') }} as customers
left join {{ ref('customers') }} as tops on customers.group_key = tops.customer_key
left join {{ ref('customers') }} as parents on customers.parent_customer_key = parents.customer_key
where
    coalesce(tops.group_key, '') <> customers.group_key
    or coalesce(parents.group_key, customers.group_key) <> customers.group_key
    or (customers.parent_customer_key is not null and parents.customer_key is null)
