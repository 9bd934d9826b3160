{#- What enova365 writes as numbers, in words. -#}

{#- What a trading document is to us, by its Kategoria: symbols such as FV are each firm's own. -#}
{% macro enova_role(category) -%}
    case {{ category }}
        when 2 then 'invoice'
        when 3 then 'correction'
        when 104 then 'delivery'
        when 105 then 'return'
        when 302 then 'order'
        when 306 then 'offer'
    end
{%- endmacro %}


{#- The money the firm keeps its books in. enova365 is a system for Poland. -#}
{% macro enova_local_currency() -%}
    'PLN'
{%- endmacro %}


{% macro enova_currency(symbol) -%}
    coalesce({{ none_text(symbol) }}, {{ enova_local_currency() }})
{%- endmacro %}


{#- A day; the first one of the last century is none, and the last one there is says "not yet". -#}
{% macro enova_day(day) -%}
    case when {{ day }} > cast('1900-01-01' as date) and {{ day }} < cast('2099-12-31' as date) then {{ day }} end
{%- endmacro %}


{#- The UTC moment of a document: its day, and minutes of it on the firm's clock. -#}
{% macro enova_moment(day, minutes) -%}
    {{ local_moment(enova_day(day), '6000 * ' ~ minutes) }}
{%- endmacro %}


{#- 30123 is 30-123. -#}
{% macro enova_postcode(number) -%}
    case
        when {{ number }} > 0
            then
                left(lpad(cast({{ number }} as {{ dbt.type_string() }}), 5, '0'), 2)
                || '-' || right(lpad(cast({{ number }} as {{ dbt.type_string() }}), 5, '0'), 3)
    end
{%- endmacro %}


{% macro enova_voivodeship(number) -%}
    case {{ number }}
        {%- for name in (
            'dolnośląskie', 'kujawsko-pomorskie', 'lubelskie', 'lubuskie', 'łódzkie', 'małopolskie', 'mazowieckie',
            'opolskie', 'podkarpackie', 'podlaskie', 'pomorskie', 'śląskie', 'świętokrzyskie', 'warmińsko-mazurskie',
            'wielkopolskie', 'zachodniopomorskie',
        ) %}
        when {{ loop.index }} then '{{ name }}'
        {%- endfor %}
    end
{%- endmacro %}
