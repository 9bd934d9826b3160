select
    order_survival_key,
    survival,
    finished_share,
    cancelled_share
from {{ ref('order_survival') }}
where abs(survival + finished_share + cancelled_share - 1) > 0.000001 or at_risk < finished + cancelled + censored
