{#- A correction may state its lines before and after, both as they are printed: together they are the difference. -#}
{%- set sign = files_sign('invoice_lines') ~ " * case when correction_part = 'before' then -1 else 1 end" -%}
{{ files_entity('invoice_lines', words={
    'quantity': sign ~ ' * quantity',
    'net_amount': sign ~ ' * net_amount',
    'cost_amount': sign ~ ' * cost_amount',
    'discount_amount': sign ~ ' * discount_amount',
}) }}
