select
    cast(null as varchar) as order_key,
    cast(null as varchar) as order_number,
    cast(null as varchar) as account_key,
    cast(null as decimal(18, 2)) as net_amount,
    cast(null as timestamp) as ordered_at
where false
{%- for instance in env_var('INSTANCES', '').split() if instance.split(':')[0] == 'files' %}
{%- set system, source, stem = instance.split(':') %}
union all
select '{{ source }}:' || order_id, order_number, '{{ source }}:' || account_id, net_amount, ordered_at
from {{ stem }}.raw.orders
where not is_deleted
{%- endfor %}
