-- Hours on own matters have no client: they are no cost of a project. A project is an order of the ERP, by its number;
-- a proposal (Oferta) is none yet.
select
    Nr as time_entry_id,
    Klient as account_id,
    Pracownik as person_id,
    nullif(Projekt, 'Oferta') as order_reference,
    Godziny as hours,
    Stawka as cost_rate,
    Waluta as currency_code,
    strptime(Data, '%d.%m.%Y')::date as worked_date,
    _file,
    _line
from wpisy
where Klient is not null
