-- How far off were the forecasts that can be judged: weighted error and bias, beside "the same as last year"?
select
    figure,
    grain,
    count(*) as judged,
    round(sum(absolute_error_amount) / nullif(sum(actual_amount), 0), 4) as wape,
    round(sum(error_amount) / nullif(sum(actual_amount), 0), 4) as bias,
    round(sum(naive_absolute_error_amount) / nullif(sum(actual_amount), 0), 4) as wape_of_last_year
from marts.forecast_accuracy
group by figure, grain
order by figure, grain
