{#- Whether an allocation uses up the money of the payment it names. A discount or write-off that names the payment it
    came with takes something off the document only. -#}
{% macro uses_up_payment(relation) -%}
    ({{ relation }}.payment_key is not null and coalesce({{ relation }}.kind, 'payment') in ('payment', 'factoring'))
{%- endmacro %}
