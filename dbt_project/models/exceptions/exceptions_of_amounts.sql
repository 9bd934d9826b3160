with

deals as (

    select * from {{ ref('deals') }}

),

deal_order_differences as (

    select * from {{ ref('deal_order_differences') }}

)

select
    'amount_differs' as code,
    'deal' as entity,
    deal_order_differences.deal_key as record_key,
    deal_order_differences.order_key as other_record_key,
    deal_order_differences.kind as detail,
    deal_order_differences.source,
    deals.account_key,
    deal_order_differences.owner_name,
    deal_order_differences.reporting_currency_code as currency_code,
    {{ json_text({
        'number': 'deal_order_differences.deal_name',
        'orders': 'deal_order_differences.order_numbers',
        'difference': 'deal_order_differences.kind',
        'won': 'deal_order_differences.deal_document_amount',
        'won_currency': 'deal_order_differences.deal_currency_code',
        'ordered': 'deal_order_differences.order_document_amount',
        'ordered_currency': 'deal_order_differences.order_currency_code'
    }) }} as parameters,
    deal_order_differences.source_url,
    deal_order_differences.other_source_url,
    deal_order_differences.difference_amount as amount,
    coalesce(deal_order_differences.first_ordered_date, deal_order_differences.closed_date) as since_date
from deal_order_differences
inner join deals on deal_order_differences.deal_key = deals.deal_key
where
    deal_order_differences.kind <> 'not_ordered'
    and abs(deal_order_differences.difference_amount) > {{ exception_limit('amount_differs_amount') }}
    and abs(deal_order_differences.won_amount - deal_order_differences.ordered_amount)
    > {{ exception_limit('amount_differs_amount') }}
    and abs(deal_order_differences.difference_amount)
    > {{ exception_limit('amount_differs_share') }} * abs(deal_order_differences.won_amount)
    and abs(deal_order_differences.won_amount - deal_order_differences.ordered_amount)
    > {{ exception_limit('amount_differs_share') }} * abs(deal_order_differences.won_amount)
