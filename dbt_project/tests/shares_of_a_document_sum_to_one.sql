-- If this fails, an order or invoice counts more or less than once in funnel to cash.
select
    to_entity,
    to_key,
    sum(share) as share
from {{ ref('document_shares') }}
group by 1, 2
having abs(sum(share) - 1) > 0.0002
