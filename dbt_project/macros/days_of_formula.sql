{#- Days of a Business Central date formula: 30D, 2W, 1M; of CM+14D the days after the month counts. DuckDB only. -#}
{% macro days_of_formula(formula) -%}
    case
        when regexp_matches(upper({{ formula }}), '[0-9]+D')
            then cast(regexp_extract(upper({{ formula }}), '([0-9]+)D', 1) as integer)
        when regexp_matches(upper({{ formula }}), '[0-9]+W')
            then 7 * cast(regexp_extract(upper({{ formula }}), '([0-9]+)W', 1) as integer)
        when regexp_matches(upper({{ formula }}), '[0-9]+M')
            then 30 * cast(regexp_extract(upper({{ formula }}), '([0-9]+)M', 1) as integer)
    end
{%- endmacro %}
