{#- Texts as two people would both have typed them; null where nothing is left. DuckDB only. -#}

{#- Upper case, single spaces. -#}
{% macro plain_text(text) -%}
    nullif(upper(trim(regexp_replace({{ text }}, '\s+', ' ', 'g'))), '')
{%- endmacro %}


{#- The letters and digits of any alphabet, in upper case; null where there are none. -#}
{% macro letters_and_digits(text) -%}
    nullif(regexp_replace(upper({{ text }}), '[^\p{L}\p{N}]', '', 'g'), '')
{%- endmacro %}


{#- The last digits of a number written in any way; null where there are fewer. -#}
{% macro last_digits(text, count) -%}
    case
        when length(regexp_replace({{ text }}, '[^0-9]', '', 'g')) >= {{ count }}
            then right(regexp_replace({{ text }}, '[^0-9]', '', 'g'), {{ count }})
    end
{%- endmacro %}
