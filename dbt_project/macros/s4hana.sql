{#- What a billing document of S/4HANA is, told by its category: its type is the firm's own. -#}

{#- Amounts are positive on every kind: an invoice, a debit memo and a cancelled credit memo count for us. -#}
{% macro billing_sign(category) -%}
    case {{ category }} when 'O' then -1 when 'N' then -1 else 1 end
{%- endmacro %}


{#- Pro formas and lists of invoices are no documents of account. -#}
{% macro is_billed(category) -%}
    coalesce({{ category }} in ('M', 'N', 'O', 'P', 'S'), false)
{%- endmacro %}


{#- A number without the zeros that one service fills it up with and another does not; a number with letters as it is. DuckDB only. -#}
{% macro unpadded(text) -%}
    case
        when regexp_matches({{ text }}, '^0*[1-9][0-9]*$') then ltrim({{ text }}, '0')
        when not regexp_matches({{ text }}, '^[0 ]*$') then {{ text }}
    end
{%- endmacro %}
