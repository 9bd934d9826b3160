{#- By source: the company whose facts count for it. A company that has none of its own has those of no company. -#}
{% macro whose_facts(facts, sources) %}
    select
        {{ sources }}.source,
        case
            when companies.company in (select {{ facts }}.company from {{ facts }} where {{ facts }}.company is not null)
                then companies.company
            else ''
        end as company
    from {{ sources }}
    left join companies on {{ sources }}.source = companies.source
{% endmacro %}
