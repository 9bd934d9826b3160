{#- One row for each word of a text, in upper case; words stand apart by blanks, commas or semicolons. DuckDB only. -#}
{% macro each_word(text) -%}
    unnest(regexp_split_to_array(upper(trim({{ text }})), '[\s,;]+'))
{%- endmacro %}
