{#- Vendors' own words for nothing, each made null. -#}

{% macro none_date(day) -%}
    case when {{ day }} > cast('1900-01-01' as date) and {{ day }} < cast('9999-12-31' as date) then {{ day }} end
{%- endmacro %}


{#- An empty or blank text, a blank enumeration value of OData (which writes blanks as _x0020_), an all-zero GUID. -#}
{% macro none_text(text) -%}
    nullif(nullif(trim(replace({{ text }}, '_x0020_', ' ')), ''), '00000000-0000-0000-0000-000000000000')
{%- endmacro %}
