{#-
    A ratio of two amounts with 14 decimals, null for a divisor of nothing. Decimal division is floating point here,
    so the quotient is rounded to what a double holds. DuckDB only.
-#}
{% macro exact_ratio(dividend, divisor) -%}
    cast(cast({{ dividend }} as double) / nullif(cast({{ divisor }} as double), 0) as decimal(28, 14))
{%- endmacro %}
