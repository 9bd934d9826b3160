-- Dollars for one unit. No amount needs them: they tell how far apart the currencies are that prices are stated in.
select
    currency.CurrencyAlternateKey || ' ' || cast(cast(rates.Date as date) as varchar) as exchange_rate_id,
    currency.CurrencyAlternateKey as currency_code,
    'USD' as quote_currency_code,
    'ERP' as rate_table,
    cast(rates.EndOfDayRate as decimal(18, 8)) as rate,
    cast(rates.Date as date) as rate_date,
    rates._file,
    rates._line
from FactCurrencyRate as rates
inner join DimCurrency as currency on rates.CurrencyKey = currency.CurrencyKey
where currency.CurrencyAlternateKey <> 'USD'
