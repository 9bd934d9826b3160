{#- How late something open is, by its days past due: up to 0 it is not due. -#}
{% macro ageing_bucket(days) -%}
    case
        when {{ days }} <= 0 then 'not_due'
        when {{ days }} <= 30 then 'days_1_30'
        when {{ days }} <= 60 then 'days_31_60'
        when {{ days }} <= 90 then 'days_61_90'
        when {{ days }} > 90 then 'over_90'
    end
{%- endmacro %}


{#- The buckets of what is open, in the order they are shown. -#}
{% macro ageing_buckets() %}
    {% do return(['not_due', 'days_1_30', 'days_31_60', 'days_61_90', 'over_90']) %}
{% endmacro %}


{#- Days past due of an open balance on a day; what is owed to the customer is never late. -#}
{% macro days_overdue_on(day, open_amount, due_date) -%}
    case when {{ open_amount }} > 0 and {{ due_date }} < {{ day }} then {{ days_between(due_date, day) }} else 0 end
{%- endmacro %}
