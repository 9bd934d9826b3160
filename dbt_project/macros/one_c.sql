{#- 1C's references are to elements of its own catalogs; currencies are told by their number, whatever they are called. -#}
{% macro one_c_currency(code, name) -%}
    case trim({{ code }})
        when '643' then 'RUB'
        when '810' then 'RUB'
        when '840' then 'USD'
        when '978' then 'EUR'
        when '985' then 'PLN'
        when '398' then 'KZT'
        when '933' then 'BYN'
        when '156' then 'CNY'
        else case when length(trim({{ name }})) = 3 then upper(trim({{ name }})) end
    end
{%- endmacro %}


{#- A line's value without tax: prices include it or do not, as the document says. -#}
{% macro one_c_net(line, document) -%}
    ({{ line }}.summa - case when {{ document }}.tsena_vklyuchaet_nds then coalesce({{ line }}.summa_nds, 0) else 0 end)
{%- endmacro %}


{#- What a line is: what is told of as a service needs no shipping. -#}
{% macro one_c_is_service(item, line) -%}
    coalesce(
        {{ item }}.usluga or {{ item }}.tip_nomenklatury in ('Услуга', 'Работа') or {{ line }}.section = 'Услуги', false
    )
{%- endmacro %}
