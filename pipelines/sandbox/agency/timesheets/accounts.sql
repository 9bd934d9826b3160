-- The clients of the time sheets. Most of them keep the number that the client has in the ERP.
select
    Kod as account_id,
    Nazwa as name,
    NIP as tax_id,
    Ulica as street,
    "Kod pocztowy" as postcode,
    Miasto as city,
    Kraj as country_code,
    "Nr w enova" as erp_reference,
    _file,
    _line
from klienci
