-- A key names a row that exists. What names a row that is not there falls out of every figure by that row.
{{ config(severity='warn') }}

{% set referring = {
    ('account_key', 'accounts'): [
        'deals', 'quotes', 'orders', 'shipments', 'invoices', 'payments', 'cost_entries', 'activities', 'tickets',
    ],
    ('deal_key', 'deals'): ['deal_stages', 'deal_lines', 'deal_accounts', 'quotes', 'leads', 'activities'],
    ('lead_key', 'leads'): ['deals'],
    ('order_key', 'orders'): [
        'order_lines', 'order_events', 'shipments', 'shipment_lines', 'invoices', 'invoice_lines',
    ],
    ('order_line_key', 'order_lines'): ['shipment_lines', 'invoice_lines'],
    ('product_key', 'products'): ['order_lines', 'invoice_lines', 'shipment_lines', 'deal_lines', 'stock_levels'],
    ('shipment_key', 'shipments'): ['shipment_lines'],
    ('invoice_key', 'invoices'): ['invoice_lines', 'payment_allocations'],
    ('payment_key', 'payments'): ['payment_allocations'],
} %}

{% for (column, owner), entities in referring.items() %}
    {% set is_last = loop.last %}
    {% for entity in entities %}
        select
            '{{ entity }}' as entity,
            '{{ column }}' as column_name,
            referring.{{ column }} as missing_key
        from {{ ref(entity) }} as referring
        left join {{ ref(owner) }} as referred on referring.{{ column }} = referred.{{ column }}
        where referring.{{ column }} is not null and referred.{{ column }} is null
        {{ "union all" if not (is_last and loop.last) }}
    {% endfor %}
{% endfor %}
