{#-
    A tax number as CC + number where its form and, for Poland and Russia, its checksum hold; otherwise
    null, because a mistyped number is evidence of nothing. The prefix comes from the number itself, else from the
    country; ten digits without either are read as Polish, if the checksum agrees. DuckDB only.
-#}
{% macro valid_tax_id(tax_id, country) -%}
    {%- set plain = "regexp_replace(upper(coalesce(" ~ tax_id ~ ", '')), '[^0-9A-Z]', '', 'g')" -%}
    {%- set prefix = "case when regexp_matches(" ~ plain ~ ", '^[A-Z]{2}') then replace(left(" ~ plain ~ ", 2), 'GR', 'EL')"
        ~ " else replace(coalesce(" ~ country ~ ", 'PL'), 'GR', 'EL') end" -%}
    {%- set number = "regexp_replace(" ~ plain ~ ", '^[A-Z]{2}', '')" -%}
    case
        when replace({{ number }}, left({{ number }}, 1), '') = '' then null
        when {{ prefix }} = 'PL' then {{ checked(prefix, number, '^[0-9]{10}$', weighted(number, [6, 5, 7, 2, 3, 4, 5, 6, 7]) ~ " % 11 = " ~ digit(number, 10)) }}
        when {{ prefix }} = 'RU' then {{ checked(prefix, number, '^[0-9]{10}$', weighted(number, [2, 4, 10, 3, 5, 9, 4, 6, 8]) ~ " % 11 % 10 = " ~ digit(number, 10)) }}
        {%- for country_prefix, form in vat_forms().items() %}
        when {{ prefix }} = '{{ country_prefix }}' then {{ checked(prefix, number, form, 'true') }}
        {%- endfor %}
    end
{%- endmacro %}


{% macro checked(prefix, number, form, law) -%}
    case when regexp_matches({{ number }}, '{{ form }}') then case when {{ law }} then {{ prefix }} || {{ number }} end end
{%- endmacro %}


{% macro digit(number, place) -%}
    coalesce(try_cast(substring({{ number }}, {{ place }}, 1) as integer), 0)
{%- endmacro %}


{% macro weighted(number, weights) -%}
    ({% for weight in weights %}{{ weight }} * {{ digit(number, loop.index) }}{{ " + " if not loop.last }}{% endfor %})
{%- endmacro %}


{#- The forms of VAT numbers in the Union, without their prefix. https://ec.europa.eu/taxation_customs/vies/ -#}
{% macro vat_forms() %}
    {% do return({
        'AT': '^U[0-9]{8}$', 'BE': '^[01][0-9]{9}$', 'BG': '^[0-9]{9,10}$', 'CY': '^[0-9]{8}[A-Z]$',
        'CZ': '^[0-9]{8,10}$', 'DE': '^[0-9]{9}$', 'DK': '^[0-9]{8}$', 'EE': '^[0-9]{9}$', 'EL': '^[0-9]{9}$',
        'ES': '^[0-9A-Z][0-9]{7}[0-9A-Z]$', 'FI': '^[0-9]{8}$', 'FR': '^[0-9A-Z]{2}[0-9]{9}$', 'HR': '^[0-9]{11}$',
        'HU': '^[0-9]{8}$', 'IE': '^[0-9A-Z]{8,9}$', 'IT': '^[0-9]{11}$', 'LT': '^([0-9]{9}|[0-9]{12})$',
        'LU': '^[0-9]{8}$', 'LV': '^[0-9]{11}$', 'MT': '^[0-9]{8}$', 'NL': '^[0-9]{9}B[0-9]{2}$', 'PT': '^[0-9]{9}$',
        'RO': '^[0-9]{2,10}$', 'SE': '^[0-9]{12}$', 'SI': '^[0-9]{8}$', 'SK': '^[0-9]{10}$',
    }) %}
{% endmacro %}
