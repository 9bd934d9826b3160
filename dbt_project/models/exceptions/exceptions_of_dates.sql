{%- set typed_by_hand = [
    'requested', 'first_promised', 'promised', 'confirmed', 'first_shipped', 'delivered', 'ordered'
] -%}
{%- set as_written = {'approved': 'approved_date'} -%}
{%- for day in typed_by_hand %}{% do as_written.update({day: day ~ '_date'}) %}{% endfor -%}
with

impossible_orders as (

    select
        *,
        coalesce(confirmed_date, first_shipped_date, promised_date, requested_date) as other_date
    from {{ ref('order_cycle_time') }}
    where has_impossible_dates

),

deals as (

    select * from {{ ref('deals') }}

),

-- One date at a time is exchanged, and must come nearer to the others than it was; where more than one must be wrong,
-- nobody can say which.
exchanged_orders as (

    select
        *,
        case
            {% for day in typed_by_hand %}
                {% set other = 'other_date' if day == 'ordered' else 'ordered_date' %}
                {% set exchanged = dict(as_written) %}
                {% do exchanged.update({day: swapped_day(day ~ '_date')}) %}
                when
                    not {{ impossible_order(exchanged) }}
                    and abs({{ days_between(other, exchanged[day]) }}) <= {{ exception_limit('swapped_date_days') }}
                    and abs({{ days_between(other, exchanged[day]) }})
                    < abs({{ days_between(other, day ~ '_date') }})
                    then '{{ day }}'
            {% endfor %}
        end as exchanged_field
    from impossible_orders

),

impossible_deals as (

    select
        deals.deal_key,
        deals.source,
        deals.account_key,
        funnel_to_cash.owner_name,
        funnel_to_cash.reporting_currency_code,
        funnel_to_cash.deal_name,
        funnel_to_cash.source_url,
        funnel_to_cash.deal_amount,
        funnel_to_cash.deal_created_date,
        funnel_to_cash.closed_date,
        {{ swapped_day('funnel_to_cash.closed_date') }} as exchanged_closed_date,
        {{ swapped_day('funnel_to_cash.deal_created_date') }} as exchanged_created_date
    from {{ ref('funnel_to_cash') }} as funnel_to_cash
    inner join deals on funnel_to_cash.deal_key = deals.deal_key
    where funnel_to_cash.closed_date < funnel_to_cash.deal_created_date

),

exchanged_deals as (

    select
        *,
        case
            when
                {{ days_between('deal_created_date', 'exchanged_closed_date') }}
                between 0 and {{ exception_limit('swapped_date_days') }}
                and {{ days_between('deal_created_date', 'exchanged_closed_date') }}
                < {{ days_between('closed_date', 'deal_created_date') }}
                and exchanged_closed_date <= {{ as_of() }}
                then 'closed'
            when
                {{ days_between('exchanged_created_date', 'closed_date') }}
                between 0 and {{ exception_limit('swapped_date_days') }}
                and {{ days_between('exchanged_created_date', 'closed_date') }}
                < {{ days_between('closed_date', 'deal_created_date') }}
                then 'created'
        end as exchanged_field
    from impossible_deals

)

select
    case when exchanged_field is null then 'impossible_dates' else 'swapped_dates' end as code,
    'order' as entity,
    order_key as record_key,
    cast(null as {{ dbt.type_string() }}) as other_record_key,
    cast(null as {{ dbt.type_string() }}) as detail,
    source,
    account_key,
    owner_name,
    reporting_currency_code as currency_code,
    {{ json_text({
        'number': 'order_number',
        'field': 'exchanged_field',
        'ordered': 'ordered_date',
        'requested': 'requested_date',
        'promised': 'promised_date',
        'confirmed': 'confirmed_date',
        'first_shipped': 'first_shipped_date',
        'delivered': 'delivered_date'
    }) }} as parameters,
    source_url,
    cast(null as {{ dbt.type_string() }}) as other_source_url,
    order_amount as amount,
    ordered_date as since_date
from exchanged_orders
union all
select
    case when exchanged_field is null then 'impossible_dates' else 'swapped_dates' end as code,
    'deal' as entity,
    deal_key as record_key,
    cast(null as {{ dbt.type_string() }}) as other_record_key,
    cast(null as {{ dbt.type_string() }}) as detail,
    source,
    account_key,
    owner_name,
    reporting_currency_code as currency_code,
    {{ json_text({
        'number': 'deal_name',
        'field': 'exchanged_field',
        'created': 'deal_created_date',
        'closed': 'closed_date'
    }) }} as parameters,
    source_url,
    cast(null as {{ dbt.type_string() }}) as other_source_url,
    deal_amount as amount,
    closed_date as since_date
from exchanged_deals
