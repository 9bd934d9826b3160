{#- The steps of the ladder that a system may feed as a kind of cost entry; every other kind is cost of goods. -#}
{% macro posted_steps() %}
    {% do return(['freight', 'packaging', 'rebate', 'commission', 'fee']) %}
{% endmacro %}


{#- The step of the ladder a cost entry of this kind is. -#}
{% macro step_of_cost(kind) -%}
    case
        when {{ kind }} in ('{{ posted_steps() | join("', '") }}') then {{ kind }}
        else 'cost_of_goods'
    end
{%- endmacro %}


{#- The columns of the ladder that are costs other than cost of goods, by their step. -#}
{% macro ladder_amounts() %}
    {% do return({
        'freight': 'freight_amount', 'packaging': 'packaging_amount', 'rebate': 'rebate_amount',
        'commission': 'commission_amount', 'cash_discount': 'cash_discount_amount', 'fee': 'fee_amount',
        'credit_cost': 'credit_cost_amount', 'cost_to_serve': 'cost_to_serve_amount',
    }) %}
{% endmacro %}


{#-
    What a row of the ladder gives to the contribution of this level: empty where it takes no part in it, and where its
    cost or rate is unknown. Asks for the columns of profitability_lines and the levels of its own step and of cost of goods.
-#}
{% macro contribution_of_row(level) -%}
    case
        when is_rate_missing then null
        when is_cost_missing and level_of_goods <= {{ level }} then null
        when line_kind = 'invoice_line'
            then revenue_amount - case when level_of_goods <= {{ level }} then coalesce(cost_amount, 0) else 0 end
        when step_level <= {{ level }} then -step_amount
    end
{%- endmacro %}


{#- What every table of profitability sums of the lines it is made of; CM3 is by the clock of the table. -#}
{% macro ladder_sums(cm3='sum(cm3_amount)') %}
        {%- for column in ladder_columns() %}
        {{ cm3 if column == 'cm3_amount' else 'sum(' ~ column ~ ')' }} as {{ column }},
        {%- endfor %}
        sum(case when is_cost_missing then revenue_amount end) as revenue_without_cost_amount,
        count(distinct case when line_kind = 'invoice_line' and invoice_kind = 'invoice' then invoice_key end)
            as invoices_counted,
        count(case when line_kind = 'invoice_line' then 1 end) as lines_counted,
        count(case when is_cost_missing then 1 end) as lines_missing_cost,
        count(case when is_rate_missing then 1 end) as lines_missing_rate
{%- endmacro %}


{#-
    Whether lines were sold and none of them has a known cost. What such a group leaves is not known after any step: freight
    that is paid for it is a cost, and no contribution. Asks for columns of a table of profitability.
-#}
{% macro has_no_known_cost(prefix='') -%}
    coalesce(
        {{ prefix }}lines_counted > 0
        and {{ prefix }}lines_missing_cost > 0
        and coalesce({{ prefix }}revenue_with_cost_amount, 0) = 0,
        false
    )
{%- endmacro %}


{#- A column of the ladder as a table shows it. What nobody credited is nothing; what nobody states is not known. -#}
{% macro ladder_column(relation, column) %}
    {%- set amount = relation ~ '.' ~ column %}
    {%- if column in ('credited_amount', 'revenue_without_cost_amount') %}
    cast(coalesce({{ amount }}, 0) as decimal(18, 4)) as {{ column }},
    {%- elif column in ('cm2_amount', 'cm3_amount') %}
    cast(case when not {{ has_no_known_cost(relation ~ '.') }} then {{ amount }} end as decimal(18, 4)) as {{ column }},
    {%- else %}
    cast({{ amount }} as decimal(18, 4)) as {{ column }},
    {%- endif %}
{%- endmacro %}


{#- The same columns as a table shows them. -#}
{% macro ladder_shown(relation) %}
    {%- for column in ladder_columns() %}
    {{- ladder_column(relation, column) }}
    {%- endfor %}
    {{- ladder_column(relation, 'revenue_without_cost_amount') }}
    {{ relation }}.invoices_counted,
    {{ relation }}.lines_counted,
    {{ relation }}.lines_missing_cost,
    {{ relation }}.lines_missing_rate
{%- endmacro %}


{#-
    What the rows of a group give to CM2 or CM3, also where the table does not show it: for the laws that count it again.
    Asks for the levels of the steps, and whether the month is covered, beside the columns of the table.
-#}
{% macro contribution_of_group(level) -%}
    case
        when not {{ has_no_known_cost() }} then cm{{ level }}_amount
        when has_level_two{{ ' and has_cost_pools' if level == 3 }}
            then coalesce(cm1_amount, 0)
            {%- for step, column in ladder_amounts().items() %}
            - case when level_of_{{ step }} between 2 and {{ level }} then coalesce({{ column }}, 0) else 0 end
            {%- endfor %}
    end
{%- endmacro %}


{#- The level of each step of the ladder, in one row. -#}
{% macro levels_of_steps() -%}
    select
        coalesce(max(case when step = 'cost_of_goods' then level end), 1) as level_of_goods,
        count(case when level = 2 and is_known then 1 end) > 0 as has_level_two
        {%- for step in ladder_amounts() %},
        max(case when step = '{{ step }}' then level end) as level_of_{{ step }}
        {%- endfor %}
    from {{ ref('contribution_steps') }}
{%- endmacro %}


{#- All money columns of the ladder, in its order. -#}
{% macro ladder_columns() %}
    {% do return(
        ['gross_amount', 'discount_amount', 'credited_amount', 'revenue_amount', 'revenue_with_cost_amount', 'cost_amount',
         'cm1_amount']
        + (ladder_amounts().values() | list)[:-1]
        + ['cm2_amount', 'cost_to_serve_amount', 'cm3_amount']
    ) %}
{% endmacro %}
