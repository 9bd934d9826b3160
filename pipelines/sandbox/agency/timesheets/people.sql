select
    Nr as person_id,
    "Nazwisko i imię" as name,
    "Zespół" as team,
    _file,
    _line
from pracownicy
