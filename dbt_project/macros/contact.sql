{#- The parts of an address that two systems can agree on. -#}

{#- https://www.Example.com/shop becomes example.com. DuckDB only. -#}
{% macro website_domain(url) -%}
    nullif(regexp_replace(regexp_replace(lower(trim({{ url }})), '^([a-z]+://)?(www\.)?', ''), '[/?#:].*$', ''), '')
{%- endmacro %}


{% macro email_domain(email) -%}
    nullif(lower(trim(substring({{ email }}, nullif(position('@' in {{ email }}), 0) + 1))), '')
{%- endmacro %}
