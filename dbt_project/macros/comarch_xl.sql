{#- What Comarch ERP XL writes as numbers, in words. -#}

{#- The documents of table TraNag by their type: what each is to us, and the letters its number begins with. -#}
{% macro xl_documents() %}
    {% do return({
        2001: ('delivery', 'WZ'), 2005: ('delivery', 'WZE'), 2009: ('return', 'WZK'), 2013: ('return', 'WKE'),
        2033: ('invoice', 'FS'), 2034: ('receipt', 'PA'), 2035: ('receipt', 'RA'), 2037: ('invoice', 'FSE'),
        1824: ('prepayment', 'FSL'), 1828: ('prepayment', 'FEL'), 2041: ('correction', 'FSK'),
        2042: ('correction', 'PAK'), 2043: ('correction', 'RAK'), 2044: ('correction', 'FWK'),
        2045: ('correction', 'FKE'), 2047: ('correction', 'RSK'), 1832: ('correction', 'KSL'),
    }) %}
{% endmacro %}


{#- The place of a document in `xl_documents`: 0 for what it is, 1 for its letters. -#}
{% macro xl_document_word(type, place) -%}
    case {{ type }}
        {%- for number, words in xl_documents().items() %} when {{ number }} then '{{ words[place] }}'{% endfor %}
    end
{%- endmacro %}


{#- Whether a reference is to a document that is an invoice of any kind, its number not empty. -#}
{% macro xl_is_invoice(type, number) -%}
    (
        {{ number }} > 0
        and {{ xl_document_word(type, 0) }} in ('invoice', 'receipt', 'prepayment', 'correction')
    )
{%- endmacro %}


{#- FS-1/06/23/FRA, as people type it: XL shows some with a letter in brackets before it. -#}
{% macro xl_number(letters, number, month, year, series) -%}
    (
        {{ letters }}
        || '-' || cast({{ number }} as {{ dbt.type_string() }})
        || case when {{ month }} > 0 then '/' || lpad(cast({{ month }} as {{ dbt.type_string() }}), 2, '0') else '' end
        || '/' || right(cast({{ year }} as {{ dbt.type_string() }}), 2)
        || coalesce('/' || {{ none_text(series) }}, '')
    )
{%- endmacro %}


{#- The money the firm keeps its books in. XL is a system for Poland. -#}
{% macro xl_local_currency() -%}
    'PLN'
{%- endmacro %}


{% macro xl_currency(currency) -%}
    coalesce({{ none_text(currency) }}, {{ xl_local_currency() }})
{%- endmacro %}


{#- What one unit of a currency is worth in the books: XL keeps 4.3125 for 1 as 43125 for 10000, or as 431.25 for 100. -#}
{% macro xl_rate(currency, numerator, denominator) -%}
    case
        when {{ xl_currency(currency) }} = {{ xl_local_currency() }} then 1
        else {{ exact_ratio('nullif(' ~ numerator ~ ', 0)', denominator) }}
    end
{%- endmacro %}


{#- A value without its tax: documents whose flag is B are kept with it. -#}
{% macro xl_net(value, flag, tax_percent) -%}
    case
        when upper({{ flag }}) = 'B' then cast({{ value }} / (1 + coalesce({{ tax_percent }}, 0) / 100) as decimal(18, 2))
        else {{ value }}
    end
{%- endmacro %}


{#- What an order's state says: a number from 1 to 5, 16 more once it is archived, 32 more once it is cancelled. -#}
{% macro xl_state(state) -%}
    mod({{ state }}, 16)
{%- endmacro %}


{% macro xl_is_archived(state) -%}
    (mod({{ state }}, 32) >= 16)
{%- endmacro %}


{% macro xl_is_cancelled(state) -%}
    (mod({{ state }}, 64) >= 32)
{%- endmacro %}
