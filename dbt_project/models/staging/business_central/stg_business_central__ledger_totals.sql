-- A balance holds in a month without movements too: receivables are summed up to every month the ledger has.
with

entries as (

    select
        entries.source,
        entries.company_id,
        entries.company_name,
        case {{ none_text('accounts.sub_category') }}
            when 'Income, Product Sales' then 'revenue'
            when 'Income, Services' then 'revenue'
            when 'Cost of Goods Sold' then 'cost'
            when 'Accounts Receivable' then 'receivables'
            when 'Cash' then 'cash'
        end as measure,
        entries.debit_amount - entries.credit_amount as debit,
        {{ month_of('entries.posting_date') }} as period_month
    from {{ raw('business_central', 'general_ledger_entries') }} as entries
    inner join {{ raw('business_central', 'gl_accounts') }} as accounts
        on
            entries.source = accounts.source
            and entries.company_id = accounts.company_id
            and entries.account_number = accounts.number

),

companies as (

    select * from {{ ref('stg_business_central__companies') }}

),

movements as (

    select
        source,
        company_id,
        company_name,
        measure,
        period_month,
        sum(case when measure = 'revenue' then -debit else debit end) as amount
    from entries
    where measure is not null
    group by 1, 2, 3, 4, 5

),

months as (

    select distinct
        source,
        company_id,
        company_name,
        period_month
    from entries

),

balances as (

    select
        months.source,
        months.company_id,
        months.company_name,
        'receivables' as measure,
        months.period_month,
        sum(movements.amount) as amount
    from months
    inner join movements
        on
            months.source = movements.source
            and months.company_id = movements.company_id
            and months.period_month >= movements.period_month
            and movements.measure = 'receivables'
    group by 1, 2, 3, 4, 5

),

totals as (

    select * from movements
    where measure != 'receivables'
    union all
    select * from balances

),

renamed as (

    select
        totals.source,
        {{ key('totals.source', 'totals.company_id', 'totals.measure', 'totals.period_month') }} as ledger_total_key,

        totals.company_name as company,
        totals.measure,
        companies.local_currency_code as currency_code,

        totals.amount,

        totals.period_month
    from totals
    left join companies on totals.source = companies.source and totals.company_id = companies.company_id

)

select * from renamed
