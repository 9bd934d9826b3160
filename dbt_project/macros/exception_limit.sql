{#- The firm's limit of this name. -#}
{% macro exception_limit(name) -%}
    (select max(exception_limits.value) from {{ ref('exception_limits') }} as exception_limits where exception_limits.name = '{{ name }}')
{%- endmacro %}


{% macro exception_limits() %}
    {% do return([
        'amount_differs_amount', 'amount_differs_share', 'double_entry_days',
        'nearest_record_days', 'one_price_products', 'one_price_products_share', 'one_price_rate_share',
        'swapped_date_days',
    ]) %}
{% endmacro %}
