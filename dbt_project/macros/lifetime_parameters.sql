{#-
    Parameters of lifetime values are fitted once a calendar quarter and remembered: figures of customers move because
    the customers do, not because the model was fitted again.
-#}

{% macro keep_lifetime_parameters() -%}
    create table if not exists remembered.main.lifetime_parameters (
        fitted_until_date date,
        customers_counted bigint,
        repeat_customers_counted bigint,
        r double,
        alpha double,
        a double,
        b double,
        p double,
        q double,
        v double,
        holdout_customers_counted bigint,
        holdout_purchases_counted bigint,
        holdout_purchases_expected double,
        holdout_difference double
    )
{%- endmacro %}


{% macro remember_lifetime_parameters() -%}
    insert into remembered.main.lifetime_parameters
    select * from {{ this }}
    where fitted_until_date not in (select fitted_until_date from remembered.main.lifetime_parameters)
{%- endmacro %}
