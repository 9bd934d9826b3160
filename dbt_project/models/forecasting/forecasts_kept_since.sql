-- The first day whose forecast was written down and can be held against what came.
select min(as_of_date) as kept_since_date
from remembered.main.forecasts_made
where as_of_date <= {{ as_of() }}
