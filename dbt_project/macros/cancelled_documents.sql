{#- Documents that leave every figure: a cancelled one and its cancellation go together. -#}
{% macro cancelled_documents(invoices='invoices') -%}
    select invoice_key
    from {{ invoices }}
    where is_cancelled or kind = 'cancellation'
    union distinct
    select corrects_invoice_key
    from {{ invoices }}
    where kind = 'cancellation' and corrects_invoice_key is not null
{%- endmacro %}
