{#- What a customer's contribution says of him; a little of the revenue either way is neutral. -#}
{% macro earning(contribution, revenue) -%}
    case
        when {{ contribution }} is null then 'not_known'
        when {{ contribution }} > {{ figure_limit('neutral_margin') }} * abs(coalesce({{ revenue }}, 0)) then 'earner'
        when {{ contribution }} < -{{ figure_limit('neutral_margin') }} * abs(coalesce({{ revenue }}, 0)) then 'loser'
        else 'neutral'
    end
{%- endmacro %}


{#-
    The fifth of all customers who ever bought that a value lies in, 1 to 5. Equal values are never parted: all of them
    are in the fifth in which the first of them lies.
-#}
{% macro quintile(value) -%}
    case
        when first_purchase_date is not null and standing <> 'unknown'
            then
                cast(
                    floor(
                        (
                            rank() over (
                                partition by first_purchase_date is not null and standing <> 'unknown'
                                order by {{ value }}
                            ) - 1
                        ) * 5.0 / count(*) over (partition by first_purchase_date is not null and standing <> 'unknown')
                    ) + 1 as integer
                )
    end
{%- endmacro %}
