-- When a complaint was closed is not recorded: the moment of its last change stands for it.
with

complaints as (

    select * from {{ raw('tryton', 'complaints') }}
    where not is_deleted

),

ordered_lines as (

    select * from {{ ref('stg_tryton__ordered_lines') }}

),

invoice_lines as (

    select * from {{ ref('stg_tryton__invoice_lines') }}

),

renamed as (

    select
        complaints.source,
        {{ key('complaints.source', 'complaints.company_id', 'complaints.id') }} as ticket_key,
        {{ key('complaints.source', 'complaints.company_id', 'complaints.customer') }} as account_key,
        coalesce(
            {{ key(
                'complaints.source', 'complaints.company_id', record_of('complaints.origin', 'sale.sale')
            ) }},
            ordered_lines.order_key
        ) as order_key,
        coalesce(
            {{ key(
                'complaints.source', 'complaints.company_id', record_of('complaints.origin', 'account.invoice')
            ) }},
            invoice_lines.invoice_key
        ) as invoice_key,
        {{ source_url('tryton', "'/model/sale.complaint/' || complaints.id", 'complaints.source') }} as source_url,

        'claim' as kind,
        {{ none_text('complaints.type_name') }} as reason,

        coalesce({{ start_of_local_day('complaints.date') }}, complaints.create_date) as opened_at,
        case when complaints.state in ('done', 'rejected', 'cancelled') then complaints.changed_at end as closed_at
    from complaints
    left join ordered_lines
        on
            complaints.source = ordered_lines.source
            and complaints.company_id = ordered_lines.company_id
            and {{ record_of('complaints.origin', 'sale.line') }} = ordered_lines.id
    left join invoice_lines
        on {{ key(
            'complaints.source', 'complaints.company_id', record_of('complaints.origin', 'account.invoice.line')
        ) }} = invoice_lines.invoice_line_key
    where complaints.state != 'draft'

)

select * from renamed
