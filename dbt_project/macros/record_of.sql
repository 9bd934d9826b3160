{#- The number of the record that a reference of Tryton leads to, where it leads to this model: sale.line,7. -#}
{% macro record_of(reference, model) -%}
    case
        when {{ reference }} like '{{ model }},%'
            then cast({{ dbt.split_part(reference, "','", 2) }} as bigint)
    end
{%- endmacro %}
