with

pipeline_snapshots as (

    select
        *,
        coalesce(amount, 0) as value_amount,
        {{ month_of('expected_close_date') }} as close_month
    from {{ ref('pipeline_snapshots') }}

),

days as (

    select
        as_of_date as to_date,
        lag(as_of_date) over (order by as_of_date) as from_date
    from (select distinct as_of_date from pipeline_snapshots) as snapshot_days

),

before as (

    select
        days.from_date,
        days.to_date,
        pipeline_snapshots.*
    from days
    inner join pipeline_snapshots on days.from_date = pipeline_snapshots.as_of_date
    where pipeline_snapshots.status = 'open'

),

after as (

    select
        days.from_date,
        days.to_date,
        pipeline_snapshots.*
    from days
    inner join pipeline_snapshots on days.to_date = pipeline_snapshots.as_of_date
    where days.from_date is not null

),

closed_before as (

    select
        days.from_date,
        pipeline_snapshots.deal_key
    from days
    inner join pipeline_snapshots on days.from_date = pipeline_snapshots.as_of_date
    where pipeline_snapshots.status <> 'open'

),

-- A deal that nobody has heard of before is new; one that was closed before and is open again is reopened; one that
-- was closed before and still is has left the pipeline long ago.
compared as (

    select
        coalesce(after.from_date, before.from_date) as from_date,
        coalesce(after.to_date, before.to_date) as to_date,
        coalesce(after.deal_key, before.deal_key) as deal_key,
        coalesce(after.customer_key, before.customer_key) as customer_key,
        coalesce(after.deal_name, before.deal_name) as deal_name,
        coalesce(after.owner_key, before.owner_key) as owner_key,
        coalesce(after.channel, before.channel) as channel,
        coalesce(after.pipeline, before.pipeline) as pipeline,
        coalesce(after.reporting_currency_code, before.reporting_currency_code) as reporting_currency_code,
        before.deal_key is not null as was_open,
        closed_before.deal_key is not null as was_closed,
        coalesce(after.status, 'removed') as status_after,
        before.currency_code as currency_before,
        after.currency_code as currency_after,
        before.document_amount as document_before,
        after.document_amount as document_after,
        before.value_amount as amount_before,
        coalesce(after.value_amount, before.value_amount) as amount_after,
        before.close_month as month_before,
        case when after.deal_key is null then before.close_month else after.close_month end as month_after
    from before
    full outer join after
        on before.to_date = after.to_date and before.deal_key = after.deal_key
    left join closed_before on after.from_date = closed_before.from_date and after.deal_key = closed_before.deal_key
    where before.deal_key is not null or after.status = 'open' or closed_before.deal_key is null

),

-- First the amount changes, then the month, then the deal ends; so each kind has an amount and a month of its own.
changes as (

    select
        *,
        case when was_closed then 'reopened' else 'new' end as kind,
        month_after as close_month,
        amount_after as amount
    from compared
    where not was_open
    union all
    select
        *,
        case
            when currency_before = currency_after and document_before = document_after then 'revalued'
            when amount_after > amount_before then 'grown'
            else 'shrunk'
        end as kind,
        month_before as close_month,
        amount_after - amount_before as amount
    from compared
    where was_open and amount_after <> amount_before
    union all
    select
        *,
        case when month_after < month_before then 'pulled_in' else 'slipped' end as kind,
        month_before as close_month,
        -amount_after as amount
    from compared
    where was_open and status_after = 'open' and month_after is distinct from month_before
    union all
    select
        *,
        case when month_after < month_before then 'pulled_in' else 'slipped' end as kind,
        month_after as close_month,
        amount_after as amount
    from compared
    where was_open and status_after = 'open' and month_after is distinct from month_before
    union all
    select
        *,
        status_after as kind,
        case when was_open then month_before else month_after end as close_month,
        -amount_after as amount
    from compared
    where status_after <> 'open'

)

select
    cast(to_date as {{ dbt.type_string() }})
    || ' ' || deal_key
    || ' ' || kind
    || ' ' || coalesce(cast(close_month as {{ dbt.type_string() }}), 'none') as pipeline_change_deal_key,
    deal_key,
    customer_key,
    deal_name,
    owner_key,
    channel,
    pipeline,
    kind,
    reporting_currency_code,
    cast(amount as decimal(18, 2)) as amount,
    close_month,
    month_before as close_month_before,
    month_after as close_month_after,
    from_date,
    to_date
from changes
