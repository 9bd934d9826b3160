-- Where accounts disagree, one of them is right, and the customer's row says what that one says.
with

winners as (

    select
        customer_key,
        field,
        sum(case when is_winner then 1 else 0 end) as winners_counted,
        sum(case when is_winner then 0 else 1 end) as losers_counted,
        max(case when is_winner then value end) as value
    from {{ ref('customer_values') }}
    group by 1, 2

)

select
    winners.customer_key,
    winners.field
from winners
left join {{ ref('customers') }} as customers on winners.customer_key = customers.customer_key
where
    winners.winners_counted <> 1
    or winners.losers_counted = 0
    {%- for field in ['name', 'tax_id', 'segment', 'street', 'credit_limit_amount', 'payment_terms_days'] %}
        or (
            winners.field = '{{ field }}'
            and coalesce(cast(customers.{{ field }} as {{ dbt.type_string() }}), '') <> winners.value
        )
    {%- endfor %}
