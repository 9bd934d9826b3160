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


{#- The same columns as a table shows them. What nobody credited is nothing; what nobody states is not known. -#}
{% macro ladder_shown(relation) %}
    {%- for column in ladder_columns() %}
    cast({{ 'coalesce(' ~ relation ~ '.' ~ column ~ ', 0)' if column == 'credited_amount' else relation ~ '.' ~ column }} as decimal(18, 4))
        as {{ column }},
    {%- endfor %}
    cast(coalesce({{ relation }}.revenue_without_cost_amount, 0) as decimal(18, 4)) as revenue_without_cost_amount,
    {{ relation }}.invoices_counted,
    {{ relation }}.lines_counted,
    {{ relation }}.lines_missing_cost,
    {{ relation }}.lines_missing_rate
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
