{#- The code of a unit of measure given in any word; a word the seed does not know stands for itself. -#}
{% macro unit_code(word) -%}
    coalesce(
        (
            select min(units.unit_code) from {{ ref('units') }} as units
            where units.word = lower(trim(replace({{ word }}, '.', '')))
        ),
        {{ plain_text(word) }}
    )
{%- endmacro %}


{#- A quantity in the base unit of its item, by a factor of `item_units`; empty where there is none. -#}
{% macro in_base_unit(quantity, factor) -%}
    cast(round(cast({{ quantity }} as double) * cast({{ factor }} as double), 4) as decimal(18, 4))
{%- endmacro %}
