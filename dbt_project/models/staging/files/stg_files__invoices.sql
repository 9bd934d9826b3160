{%- set sign = files_sign('invoices') -%}
{{ files_entity('invoices', words={
    'net_amount': sign ~ ' * net_amount',
    'tax_amount': sign ~ ' * tax_amount',
    'gross_amount': sign ~ ' * gross_amount',
}) }}
