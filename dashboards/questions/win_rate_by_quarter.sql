-- Of the deals created in each quarter: how many are won, lost, still open, and what share of the value was won?
select
    cast(date_trunc('quarter', deal_created_date) as date) as created_quarter,
    count(*) as deals_counted,
    count(*) filter (is_won) as won,
    count(*) filter (is_closed and not is_won) as lost,
    count(*) filter (not is_closed) as still_open,
    round(sum(deal_amount) filter (is_won) / nullif(sum(deal_amount) filter (is_closed), 0), 4) as win_rate_by_value
from marts.funnel_to_cash
where deal_key is not null and not is_excluded
group by created_quarter
order by created_quarter desc
