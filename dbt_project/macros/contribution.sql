{#- The deepest contribution that is known in all of some rows: one figure is never put together of several levels. -#}
{% macro deepest_contribution() -%}
    case
        when
            count(cm3_amount) > 0
            and count(
                case
                    when
                        coalesce(cm1_amount, cm2_amount) is not null
                        and cm3_amount is null
                        and not {{ has_no_known_cost() }}
                        then 1
                end
            ) = 0
            then 'cm3'
        when
            count(cm2_amount) > 0
            and count(
                case when cm1_amount is not null and cm2_amount is null and not {{ has_no_known_cost() }} then 1 end
            ) = 0
            then 'cm2'
        else 'cm1'
    end
{%- endmacro %}


{% macro contribution_at(level) -%}
    case {{ level }} when 'cm3' then cm3_amount when 'cm2' then cm2_amount else cm1_amount end
{%- endmacro %}
