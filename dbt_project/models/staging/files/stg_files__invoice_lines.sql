{%- set sign = files_sign('invoice_lines') -%}
{{ files_entity('invoice_lines', words={
    'quantity': sign ~ ' * quantity',
    'net_amount': sign ~ ' * net_amount',
    'cost_amount': sign ~ ' * cost_amount',
    'discount_amount': sign ~ ' * discount_amount',
}) }}
