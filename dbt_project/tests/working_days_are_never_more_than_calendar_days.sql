{%- set lengths = [
    'days_to_order', 'days_to_approval', 'days_to_confirm', 'days_to_start', 'days_pick_to_ship', 'days_to_ship',
    'days_to_deliver', 'days_to_invoice', 'days_to_cash', 'days_order_to_ship', 'days_order_to_cash', 'gross_days',
] -%}
{% for length in lengths %}
select
    order_key,
    '{{ length }}' as length,
    {{ length }} as days,
    working_{{ length }} as working_days
from {{ ref('order_cycle_time') }}
where abs(working_{{ length }}) > abs({{ length }}) or working_{{ length }} * {{ length }} < 0
{{ "union all" if not loop.last }}
{% endfor %}
