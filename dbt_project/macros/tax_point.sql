{#- The day a document is taxed: the sale, or the document where it was written before. -#}
{% macro tax_point(sale='sale_date', issue='issued_date') -%}
    least(coalesce({{ sale }}, {{ issue }}), {{ issue }})
{%- endmacro %}
