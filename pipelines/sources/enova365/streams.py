"""What is read of enova365: its tables, under its own names, each row told by its ID.

A column is named by the vendor's rule: Suma.Netto is SumaNetto, a quantity or an amount of money has its Value and its
Symbol, and a reference that may lead to several tables has the name of the table beside it (DokumentType).
"""

from pipelines.extraction import Personal, Stream
from pipelines.sql.tables import changed, lines_of, one_of, parts, table
from pipelines.streams import Header

# Documents are told by Kategoria: symbols such as FV or WZ are each firm's own. Of purchases nothing is read.
SALE, SALE_CORRECTION, ISSUE, ISSUE_CORRECTION, ORDER, OFFER = 2, 3, 104, 105, 302, 306
SALES = (SALE, SALE_CORRECTION)
READ = (*SALES, ISSUE, ISSUE_CORRECTION, ORDER, OFFER)
# What happened to a document, of all that the log of changes notes: made, approved, put back, cancelled.
HAPPENED = (1, 5, 6, 11)
STOCK = 1  # of the lots of goods: neither reserved nor ordered ones


def of_documents(field: str, categories: tuple[int, ...] = READ, key: str = "ID") -> Header:
    return lines_of(field, "DokHandlowe", key, where=one_of("Kategoria", categories))


STREAMS: list[Stream] = [
    table(
        "Kontrahenci",
        key="ID",
        cursor=changed(),
        swept=True,
        text="Kod Nazwa NIP EuVAT KontaktEMAIL KontaktWWW KontaktTelefonKomorkowy LimitKredytuSymbol",
        int="ID Termin TypLimituKredytowego",
        decimal="LimitKredytuValue",
        bool="BlokadaSprzedazy",
        personal=Personal(
            names="nazwa",
            contacts="nip kontakt_email kontakt_telefon_komorkowy",
            private="eu_vat kontakt_www",
            mentions="kod",
        ),
    ),
    table(
        "Adresy",
        key="ID",
        cursor=changed(),
        where="HostType = 'Kontrahenci' AND Typ = 1",
        swept=True,
        optional=True,
        text="HostType AdresUlica AdresNrDomu AdresNrLokalu AdresZagranicznyKodPocztowy AdresMiejscowosc AdresKraj"
        " AdresKodKraju AdresTelefon",
        int="ID Host Typ AdresKodPocztowy AdresWojewodztwo",
        personal=Personal(
            contacts="adres_telefon",
            private="adres_ulica adres_nr_domu adres_nr_lokalu adres_kod_pocztowy adres_zagraniczny_kod_pocztowy",
            belongs="host kontrahenci",
        ),
    ),
    table(
        "Opiekunowie",
        key="ID",
        cursor=changed(),
        swept=True,
        optional=True,
        int="ID Kontrahent Operator Typ",
        bool="Aktywny",
        date="DataOd DataDo",
    ),
    table(
        "Operators",
        key="ID",
        cursor=changed(),
        swept=True,
        optional=True,
        text="Name FullName",
        int="ID",
        bool="Locked",
        personal=Personal(names="full_name", mentions="name"),
    ),
    table(
        "Pracownicy",
        key="ID",
        cursor=changed(),
        swept=True,
        optional=True,
        text="Kod Imie Nazwisko",
        int="ID",
        personal=Personal(names="nazwisko", private="imie", mentions="kod"),
    ),
    table(
        "Towary",
        key="ID",
        cursor=changed(),
        swept=True,
        text="Kod Nazwa CenaZakupuKartotekowaSymbol",
        int="ID Typ",
        fraction="CenaZakupuKartotekowaValue",
    ),
    table("Magazyny", key="ID", cursor=changed(), swept=True, text="Symbol Nazwa", int="ID"),
    # Fields a firm makes for itself, of which only those are read that settings name.
    table(
        "Features",
        key=parts("Feature", "ParentType Parent Name Lp"),
        cursor=changed(),
        narrowed_by="DEAL_FEATURE CATEGORY_FEATURE SEGMENT_FEATURE",
        swept=True,
        optional=True,
        text="ParentType Name Data",
        int="Parent Lp",
        personal=Personal(mentions="data"),
    ),
    table(
        "DefDokHandlowych",
        key="ID",
        cursor=changed(),
        swept=True,
        optional=True,
        text="Symbol Nazwa",
        int="ID",
        bool="DuplikatWartosci",
    ),
    table(
        "DokHandlowe",
        key="ID",
        cursor=changed(),
        where=one_of("Kategoria", READ),
        swept=True,
        text="Guid NumerPelny ObcyNumer DostawaSposob BruttoCySymbol",
        int="ID Definicja Kategoria Stan Potwierdzenie RealizacjaStan Kontrahent Magazyn Pracownik Czas LiczonaOd",
        decimal="SumaNetto SumaVAT BruttoCyValue",
        fraction="KursWaluty",
        date="Data DataOperacji DostawaTermin",
        personal=Personal(mentions="obcy_numer"),
    ),
    table(
        "PozycjeDokHan",
        key="ID",
        cursor=changed(),
        header=of_documents("Dokument"),
        swept=True,
        text="IloscSymbol WartoscCySymbol",
        int="ID Dokument Ident Towar",
        decimal="WartoscCyValue SumaNetto SumaVAT",
        fraction="IloscValue",
        date="DokumentDostawaPozycjaTermin",
    ),
    table(
        "RelacjeHandlowe",
        key="ID",
        cursor=changed(),
        header=of_documents("Podrzedny"),
        swept=True,
        int="ID Typ Nadrzedny Podrzedny",
    ),
    table(
        "PozRelHandlowej",
        key="ID",
        cursor=changed(),
        header=of_documents("PodrzednyDok"),
        swept=True,
        int="ID Relacja NadrzednyDok NadrzednaIdent PodrzednyDok PodrzednaIdent",
        fraction="IloscValue",
        bool="Dodatkowa",
    ),
    # Which lots the goods of a line came from, and what they had cost.
    table(
        "Obroty",
        key="ID",
        cursor=changed(),
        header=of_documents("RozchodDokument"),
        swept=True,
        optional=True,
        int="ID Korekta RozchodDokument RozchodPozycjaIdent",
        decimal="PrzychodWartosc",
    ),
    table(
        "OkresyMag",
        key="ID",
        cursor=changed(),
        swept=True,
        optional=True,
        int="ID",
        bool="Zamkniety",
        date="OkresFrom OkresTo",
    ),
    # Each period of the warehouse holds its stock anew: of closed ones nothing is read.
    table(
        "Zasoby",
        key="ID",
        cursor=changed(),
        header=lines_of("Okres", "OkresyMag", "ID", where="Zamkniety = 0"),
        where=f"PartiaTyp = {STOCK}",
        swept=True,
        optional=True,
        text="IloscSymbol",
        int="ID Towar Magazyn Okres Kierunek PartiaTyp",
        decimal="PartiaWartosc",
        fraction="IloscValue IloscRezerwowanaValue",
    ),
    table(
        "Platnosci",
        key="ID",
        cursor=changed(),
        header=of_documents("Dokument", SALES),
        where="DokumentType = 'DokHandlowe'",
        swept=True,
        text="DokumentType KwotaSymbol",
        int="ID Dokument Kierunek",
        decimal="KwotaValue",
        bool="Bufor",
        date="Termin",
    ),
    # Wages are paid out of the same table: of whom the firm employs nothing is read.
    table(
        "Zaplaty",
        key="ID",
        cursor=changed(),
        where="PodmiotType = 'Kontrahenci'",
        swept=True,
        text="PodmiotType KwotaSymbol",
        int="ID Podmiot Kierunek",
        decimal="KwotaValue",
        bool="Rozliczana",
        date="DataDokumentu",
    ),
    table(
        "RozliczeniaSP",
        key="ID",
        cursor=changed(),
        where="PodmiotType = 'Kontrahenci'",
        swept=True,
        text="DokumentType ZaplataType PodmiotType KwotaDokumentuSymbol KwotaZaplatySymbol",
        int="ID Dokument Zaplata",
        decimal="KwotaDokumentuValue KwotaZaplatyValue",
        date="Data",
    ),
    # The log of changes, where the firm has one kept: it only grows.
    table(
        "ChangeInfos",
        key="ID",
        cursor="ID",
        header=of_documents("SourceGuid", key="Guid"),
        where=f"SourceTable = 'DokHandlowe' AND {one_of('Type', HAPPENED)}",
        optional=True,
        text="SourceTable SourceGuid",
        int="ID Operator Type",
        timestamp="Time",
    ),
]
