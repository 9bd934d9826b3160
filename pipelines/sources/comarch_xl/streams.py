"""What is read of Comarch ERP XL: its tables, under its own names, each row told by its GID.

Of a trading document only what is sold: purchases lie in the same tables and stay there.
"""

from pipelines.extraction import Personal, Stream
from pipelines.sql.tables import latest, lines_of, one_of, parts, table

# Issues of goods and their corrections; invoices, receipts and advances; their corrections. Others are not read.
DELIVERIES = (2001, 2005, 2009, 2013)
INVOICES = (2033, 2034, 2035, 2037, 1824, 1828)
CORRECTIONS = (2041, 2042, 2043, 2044, 2045, 2047, 1832)
SOLD = (*DELIVERIES, *INVOICES, *CORRECTIONS)
ORDER = 960
SALES_ORDERS_AND_OFFERS = (1280, 768)


STREAMS: list[Stream] = [
    table(
        "KntKarty",
        key="Knt_GIDNumer",
        cursor=latest("LastMod", "Knt_LastModL Knt_LastModO Knt_LastModC"),
        swept=True,
        text="Knt_Akronim Knt_Nazwa1 Knt_Nazwa2 Knt_Nazwa3 Knt_KodP Knt_Miasto Knt_Ulica Knt_Kraj Knt_Wojewodztwo"
        " Knt_Nip Knt_NipPrefiks Knt_Telefon1 Knt_EMail Knt_URL Knt_Symbol",
        int="Knt_GIDTyp Knt_GIDNumer Knt_Typ Knt_Archiwalny Knt_BlokadaTransakcji Knt_BlokadaZam Knt_LimitOkres"
        " Knt_SpTerminPlSpr Knt_KnPTyp Knt_KnPNumer Knt_AkwTyp Knt_AkwNumer",
        decimal="Knt_MaxLimitWart Knt_LimitPoTerminie",
        clarion_timestamp="Knt_LastModL Knt_LastModO Knt_LastModC Knt_DataUtworzenia",
        personal=Personal(
            names="knt_nazwa1",
            contacts="knt_nip knt_telefon1 knt_e_mail",
            private="knt_nazwa2 knt_nazwa3 knt_ulica knt_kod_p knt_url",
            mentions="knt_akronim",
        ),
    ),
    # The group a customer belongs to first, and the groups by name: rows of one kind beside rows of the other.
    table(
        "KntGrupyDom",
        key=parts("GID", "KGD_GIDTyp KGD_GIDNumer"),
        optional=True,
        text="KGD_Kod",
        int="KGD_GIDTyp KGD_GIDNumer KGD_GrOTyp KGD_GrONumer",
        personal=Personal(mentions="kgd_kod"),
    ),
    table(
        "KntLimityK",
        key="KLK_Id",
        cursor="KLK_CzasModyfikacji",
        swept=True,
        optional=True,
        text="KLK_Waluta",
        int="KLK_Id KLK_KntTyp KLK_KntNumer",
        decimal="KLK_MaxLimitWart KLK_LimitPoTerminie KLK_KursM KLK_KursL",
        clarion_date="KLK_DataOd KLK_DataDo",
        clarion_timestamp="KLK_CzasModyfikacji",
    ),
    table(
        "TwrKarty",
        key="Twr_GIDNumer",
        cursor=latest("LastMod", "Twr_LastModL Twr_LastModO Twr_LastModC"),
        swept=True,
        text="Twr_Kod Twr_Nazwa Twr_Ean Twr_Jm",
        int="Twr_GIDTyp Twr_GIDNumer Twr_Typ Twr_Archiwalny",
        clarion_timestamp="Twr_LastModL Twr_LastModO Twr_LastModC",
    ),
    table(
        "TwrGrupyDom",
        key=parts("GID", "TGD_GIDTyp TGD_GIDNumer"),
        optional=True,
        text="TGD_Kod",
        int="TGD_GIDTyp TGD_GIDNumer TGD_GrOTyp TGD_GrONumer",
    ),
    table("Magazyny", key="MAG_GIDNumer", text="MAG_Kod MAG_Nazwa MAG_Kraj", int="MAG_GIDTyp MAG_GIDNumer"),
    table(
        "OpeKarty",
        key="Ope_GIDNumer",
        optional=True,
        text="Ope_Ident Ope_Nazwisko",
        int="Ope_GIDTyp Ope_GIDNumer Ope_Zablokowane",
        personal=Personal(names="ope_nazwisko", mentions="ope_ident"),
    ),
    table(
        "PrcKarty",
        key="Prc_GIDNumer",
        optional=True,
        text="Prc_Akronim Prc_Imie1 Prc_Nazwisko",
        int="Prc_GIDTyp Prc_GIDNumer Prc_Archiwalny",
        personal=Personal(names="prc_nazwisko", private="prc_imie1", mentions="prc_akronim"),
    ),
    # Orders and, in the same table, offers: ZaN_ZamTyp tells which.
    table(
        "ZamNag",
        key="ZaN_GIDNumer",
        cursor="ZaN_LastMod",
        where=one_of("ZaN_ZamTyp", SALES_ORDERS_AND_OFFERS),
        swept=True,
        text="ZaN_ZamSeria ZaN_DokumentObcy ZaN_Waluta ZaN_FormaNazwa ZaN_SpDostawy ZaN_CechaOpis ZaN_FlagaNB",
        int="ZaN_GIDTyp ZaN_GIDNumer ZaN_ZamTyp ZaN_ZamRok ZaN_ZamMiesiac ZaN_ZamNumer ZaN_Rodzaj ZaN_Stan"
        " ZaN_KntTyp ZaN_KntNumer ZaN_KnDTyp ZaN_KnDNumer ZaN_ZrdTyp ZaN_ZrdNumer ZaN_MagNumer ZaN_AkwTyp"
        " ZaN_AkwNumer ZaN_OpiTyp ZaN_OpiNumer ZaN_OpeTypW ZaN_OpeNumerW ZaN_GodzinaWystawienia",
        decimal="ZaN_KursM ZaN_KursL",
        clarion_date="ZaN_DataWystawienia ZaN_DataRealizacji ZaN_DataWaznosci ZaN_DataPotwierdz ZaN_DataAkceptacji",
        clarion_timestamp="ZaN_LastMod",
        personal=Personal(mentions="za_n_dokument_obcy za_n_cecha_opis"),
    ),
    table(
        "ZamElem",
        key=parts("GID", "ZaE_GIDNumer ZaE_GIDLp"),
        cursor="ZaE_TStamp",
        header=lines_of(
            "ZaE_GIDNumer", "ZamNag", "ZaN_GIDNumer", "ZaN_LastMod", one_of("ZaN_ZamTyp", SALES_ORDERS_AND_OFFERS)
        ),
        swept=True,
        text="ZaE_TwrKod ZaE_JmZ ZaE_Waluta ZaE_FlagaNB",
        int="ZaE_GIDTyp ZaE_GIDNumer ZaE_GIDLp ZaE_Pozycja ZaE_TwrTyp ZaE_TwrNumer ZaE_MagNumer ZaE_DataOdZam",
        decimal="ZaE_Ilosc ZaE_PrzeliczM ZaE_PrzeliczL ZaE_CenaKatalogowa ZaE_CenaUzgodniona ZaE_WartoscPoRabacie"
        " ZaE_StawkaPod",
        clarion_date="ZaE_DataPotwDst",
        clarion_timestamp="ZaE_TStamp",
    ),
    table(
        "ZamHistoriaZmian",
        key="ZAH_Id",
        cursor="ZAH_CzasModyfikacji",
        optional=True,
        int="ZAH_Id ZAH_GIDTyp ZAH_GIDNumer ZAH_GIDLp ZAH_Zmiana ZAH_OpeNumer",
        decimal="ZAH_IloscPrzed ZAH_IloscPo ZAH_CenaPrzed ZAH_CenaPo",
        clarion_date="ZAH_DataRealizacjiPrzed ZAH_DataRealizacjiPo",
        clarion_timestamp="ZAH_CzasModyfikacji",
    ),
    # What the firm notes on orders in fields of its own, of which one is read: the deal of the CRM, where it says that.
    table(
        "Atrybuty",
        key="Atr_Id",
        cursor=latest("LastMod", "Atr_LastMod"),
        where=f"Atr_ObiTyp = {ORDER}",
        narrowed_by="DEAL_ATTRIBUTE",
        swept=True,
        optional=True,
        text="Atr_Wartosc",
        int="Atr_Id Atr_ObiTyp Atr_ObiNumer Atr_ObiLp Atr_AtkId",
        clarion_timestamp="Atr_LastMod",
        personal=Personal(mentions="atr_wartosc"),
    ),
    table("AtrybutyKlasy", key="AtK_ID", optional=True, text="AtK_Nazwa", int="AtK_ID"),
    table(
        "TraNag",
        key="TrN_GIDNumer",
        cursor="TrN_LastMod",
        where=one_of("TrN_GIDTyp", SOLD),
        swept=True,
        text="TrN_TrNSeria TrN_DokumentObcy TrN_Waluta TrN_FormaNazwa TrN_SposobDostawy TrN_PrzyczynaKorekty"
        " TrN_FlagaNB",
        int="TrN_GIDTyp TrN_GIDNumer TrN_TrNTyp TrN_TrNRok TrN_TrNMiesiac TrN_TrNNumer TrN_TrNLp TrN_Stan"
        " TrN_GenDokMag TrN_KntTyp TrN_KntNumer TrN_KnPTyp TrN_KnPNumer TrN_ZwrTyp TrN_ZwrNumer TrN_SpiTyp"
        " TrN_SpiNumer TrN_ZaNTyp TrN_ZaNNumer TrN_MagZNumer TrN_OpeTypW TrN_OpeNumerW TrN_GodzinaWystawienia",
        decimal="TrN_KursM TrN_KursL TrN_NettoR TrN_VatR TrN_WartoscWal",
        clarion_date="TrN_Data2 TrN_Data3 TrN_Termin TrN_DataMag TrN_DataWysylki TrN_DataOdprawyPotwierdzenia",
        clarion_timestamp="TrN_LastMod",
        personal=Personal(mentions="tr_n_dokument_obcy tr_n_przyczyna_korekty"),
    ),
    table(
        "TraElem",
        key=parts("GID", "TrE_GIDNumer TrE_GIDLp"),
        cursor="TrE_TrnTStamp",
        header=lines_of("TrE_GIDNumer", "TraNag", "TrN_GIDNumer", "TrN_LastMod"),
        where=one_of("TrE_GIDTyp", SOLD),
        swept=True,
        text="TrE_TwrKod TrE_JmZ TrE_Waluta TrE_FlagaNB TrE_PrzyczynaKorekty",
        int="TrE_GIDTyp TrE_GIDNumer TrE_GIDLp TrE_Pozycja TrE_TwrTyp TrE_TwrNumer TrE_TypTwr",
        decimal="TrE_Ilosc TrE_PrzeliczM TrE_PrzeliczL TrE_Poczatkowa TrE_Cena TrE_WartoscPoRabacie TrE_KsiegowaNetto"
        " TrE_KsiegowaBrutto TrE_KosztKsiegowy TrE_KosztRzeczywisty TrE_StawkaPod TrE_KursM TrE_KursL",
        clarion_timestamp="TrE_TrnTStamp",
        personal=Personal(mentions="tr_e_przyczyna_korekty"),
    ),
    # Which lot and warehouse a line took its goods from, at what cost, and which line of which order it fulfils.
    table(
        "TraSElem",
        key=parts("GID", "TrS_GIDNumer TrS_GIDLp TrS_SubGIDLp"),
        cursor="TrS_TrnTStamp",
        header=lines_of("TrS_GIDNumer", "TraNag", "TrN_GIDNumer", "TrN_LastMod"),
        where=one_of("TrS_GIDTyp", SOLD),
        swept=True,
        text="TrS_Cecha",
        int="TrS_GIDTyp TrS_GIDNumer TrS_GIDLp TrS_SubGIDLp TrS_DstTyp TrS_DstNumer TrS_MagNumer TrS_ZwrTyp"
        " TrS_ZwrNumer TrS_ZwrLp TrS_SubZwrLp TrS_RezTyp TrS_RezNumer TrS_RezLp TrS_SpiTyp TrS_SpiNumer TrS_SpiLp",
        decimal="TrS_Ilosc TrS_KosztKsiegowy TrS_KosztRzeczywisty",
        clarion_timestamp="TrS_TrnTStamp",
    ),
    # Which advances a final invoice settles.
    table(
        "TraRozliczZal",
        key=parts(
            "GID",
            "TRZ_ZalTyp TRZ_ZalNumer TRZ_KonTyp TRZ_KonNumer TRZ_StawkaPod TRZ_FlagaVat TRZ_Zrodlowa TRZ_DeklRok"
            " TRZ_DeklMiesiac TRZ_OdliczeniaVat TRZ_RodzajZakupu TRZ_Rozliczac TRZ_Struktura TRZ_RozliczacP",
        ),
        swept=True,
        optional=True,
        int="TRZ_ZalTyp TRZ_ZalNumer TRZ_KonTyp TRZ_KonNumer",
        decimal="TRZ_StawkaPod TRZ_KwotaRozliczona",
    ),
    table(
        "TraPlat",
        key=parts("GID", "TrP_GIDTyp TrP_GIDNumer TrP_GIDLp"),
        cursor=latest("LastMod", "TrP_LastMod TrP_CzasModyfikacji"),
        where=one_of("TrP_GIDTyp", (*INVOICES, *CORRECTIONS)),
        swept=True,
        text="TrP_Waluta TrP_FormaNazwa",
        int="TrP_GIDTyp TrP_GIDNumer TrP_GIDLp TrP_Typ TrP_Rozliczona TrP_FormaNr TrP_KntTyp TrP_KntNumer"
        " TrP_CzySprawaSporna",
        decimal="TrP_Kwota TrP_Pozostaje TrP_KwotaSys TrP_PozostajeSys TrP_KursM TrP_KursL",
        clarion_date="TrP_Termin TrP_DataRozliczenia",
        clarion_timestamp="TrP_LastMod TrP_CzasModyfikacji",
    ),
    table(
        "Zapisy",
        key="KAZ_GIDNumer",
        cursor=latest("LastMod", "KAZ_TStamp KAZ_TStampM"),
        swept=True,
        text="KAZ_NumerDokumentu KAZ_Waluta",
        int="KAZ_GIDTyp KAZ_GIDNumer KAZ_KntTyp KAZ_KntNumer KAZ_RP KAZ_Rozliczony KAZ_Anulowany KAZ_Zaliczka",
        decimal="KAZ_Kwota KAZ_Pozostaje KAZ_KwotaSys KAZ_KursM KAZ_KursL",
        clarion_date="KAZ_DataZapisu KAZ_DataDokumentu",
        clarion_timestamp="KAZ_TStamp KAZ_TStampM",
    ),
    table(
        "Rozliczenia",
        key="R2_Id",
        cursor="R2_CzasModyfikacji",
        swept=True,
        text="R2_Waluta1 R2_Waluta2",
        int="R2_Id R2_Dok1Typ R2_Dok1Numer R2_Dok1Lp R2_Dok2Typ R2_Dok2Numer R2_Dok2Lp",
        decimal="R2_KwotaWal1 R2_KwotaWal2 R2_KwotaSys R2_RK",
        clarion_date="R2_DataRozliczenia R2_DataRozrachunku",
        clarion_timestamp="R2_CzasModyfikacji",
    ),
    # What lies in the warehouses now, lot by lot; nothing says when it changed.
    table(
        "TwrZasoby",
        key=parts("GID", "TwZ_DstNumer TwZ_MagNumer"),
        swept=True,
        int="TwZ_DstTyp TwZ_DstNumer TwZ_MagNumer TwZ_TwrTyp TwZ_TwrNumer",
        decimal="TwZ_Ilosc TwZ_IlMag TwZ_KsiegowaNetto",
        clarion_date="TwZ_DataP",
    ),
]
