-- A return is a sale too, with negative lines, made from the sale it gives back or from a complaint about it. It is no
-- order of its own: what comes back belongs to the order it went out with.
with

sales as (

    select * from {{ raw('tryton', 'sales') }}
    where not is_deleted

),

complaints as (

    select * from {{ raw('tryton', 'complaints') }}
    where not is_deleted

),

sale_lines as (

    select * from {{ raw('tryton', 'sale_lines') }}
    where not is_deleted

),

invoice_lines as (

    select
        source,
        company_id,
        id,
        invoice,
        {{ record_of('origin', 'sale.line') }} as sale_line
    from {{ raw('tryton', 'invoice_lines') }}
    where not is_deleted

),

invoiced_sales as (

    select
        invoice_lines.source,
        invoice_lines.company_id,
        invoice_lines.invoice,
        min(sale_lines.sale) as sale
    from invoice_lines
    inner join sale_lines
        on
            invoice_lines.source = sale_lines.source
            and invoice_lines.company_id = sale_lines.company_id
            and invoice_lines.sale_line = sale_lines.id
    group by 1, 2, 3

),

complained_sales as (

    select
        complaints.source,
        complaints.company_id,
        complaints.id,
        coalesce(
            {{ record_of('complaints.origin', 'sale.sale') }},
            sale_lines.sale,
            invoiced_sales.sale,
            invoiced_again.sale
        ) as sale,
        coalesce({{ record_of('complaints.origin', 'account.invoice') }}, invoice_lines.invoice) as invoice
    from complaints
    left join sale_lines
        on
            complaints.source = sale_lines.source
            and complaints.company_id = sale_lines.company_id
            and {{ record_of('complaints.origin', 'sale.line') }} = sale_lines.id
    left join invoiced_sales
        on
            complaints.source = invoiced_sales.source
            and complaints.company_id = invoiced_sales.company_id
            and {{ record_of('complaints.origin', 'account.invoice') }} = invoiced_sales.invoice
    left join invoice_lines
        on
            complaints.source = invoice_lines.source
            and complaints.company_id = invoice_lines.company_id
            and {{ record_of('complaints.origin', 'account.invoice.line') }} = invoice_lines.id
    left join invoiced_sales as invoiced_again
        on
            invoice_lines.source = invoiced_again.source
            and invoice_lines.company_id = invoiced_again.company_id
            and invoice_lines.invoice = invoiced_again.invoice

),

returns as (

    select
        source,
        company_id,
        sale,
        max(quantity) < 0 as is_return
    from sale_lines
    where type = 'line' and quantity != 0
    group by 1, 2, 3

),

renamed as (

    select
        sales.source,
        sales.company_id,
        sales.id,
        coalesce(returns.is_return, false) as is_return,
        case
            when not coalesce(returns.is_return, false) then sales.id
            else coalesce({{ record_of('sales.origin', 'sale.sale') }}, complained_sales.sale)
        end as order_id,
        sales.state in ('confirmed', 'processing', 'done')
        or (sales.state = 'cancelled' and sales.sale_date is not null) as is_ordered
    from sales
    left join returns
        on sales.source = returns.source and sales.company_id = returns.company_id and sales.id = returns.sale
    left join complained_sales
        on
            sales.source = complained_sales.source
            and sales.company_id = complained_sales.company_id
            and {{ record_of('sales.origin', 'sale.complaint') }} = complained_sales.id

)

select * from renamed
