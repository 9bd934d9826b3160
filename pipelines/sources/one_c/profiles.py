"""What the configurations call the same: a profile says which sets feed the streams, and which words stand for which.

УТ 11, КА 2 and ERP 2 speak as the streams are declared; БП 3.0 and УНФ have other sets and other fields.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from pipelines.extraction import Options, SourceFailed, Stream
from pipelines.sources.one_c.streams import STREAMS


@dataclass(frozen=True)
class Source:
    """Where a stream comes from."""

    entity: str  # empty: this configuration has nothing of it
    tables: tuple[str, ...] = ()  # of a document, which hold its lines
    fields: Mapping[str, str] = field(default_factory=dict)  # ours: theirs


Profile = Mapping[str, Source]
GOODS, SERVICES, STOCK = "Товары", "Услуги", "Запасы"
PAID = ("РасшифровкаПлатежа",)
# A reference that may be of one kind only is spelled as such.
ONE_KIND = {"Контрагент": "Контрагент_Key", "ОбъектРасчетов": "ОбъектРасчетов_Key"}

UT: Profile = {
    "orders": Source("Document_ЗаказКлиента", (GOODS,)),
    "sales": Source("Document_РеализацияТоваровУслуг", (GOODS, SERVICES), {"ЗаказКлиента": "ЗаказКлиента_Key"}),
    "returns": Source("Document_ВозвратТоваровОтКлиента", (GOODS,), {"ДокументРеализации": "ДокументРеализации_Key"}),
    "bank_receipts": Source("Document_ПоступлениеБезналичныхДенежныхСредств", PAID, ONE_KIND),
    "cash_receipts": Source("Document_ПриходныйКассовыйОрдер", PAID, ONE_KIND),
}
BP: Profile = {
    "units": Source("Catalog_КлассификаторЕдиницИзмерения"),
    "settlement_objects": Source(""),
    "orders": Source(
        "Document_СчетНаОплатуПокупателю",
        (GOODS, SERVICES),
        {
            "Валюта_Key": "ВалютаДокумента_Key",
            "ЦенаВключаетНДС": "СуммаВключаетНДС",
            "Менеджер_Key": "Ответственный_Key",
        },
    ),
    "sales": Source(
        "Document_РеализацияТоваровУслуг",
        (GOODS, SERVICES),
        {
            "Валюта_Key": "ВалютаДокумента_Key",
            "ЦенаВключаетНДС": "СуммаВключаетНДС",
            "ЗаказКлиента": "СчетНаОплатуПокупателю_Key",
        },
    ),
    "returns": Source(
        "Document_ВозвратТоваровОтПокупателя",
        (GOODS,),
        {
            "Валюта_Key": "ВалютаДокумента_Key",
            "ЦенаВключаетНДС": "СуммаВключаетНДС",
            "ДокументРеализации": "Сделка",
        },
    ),
    "bank_receipts": Source(
        "Document_ПоступлениеНаРасчетныйСчет",
        PAID,
        {
            "Валюта_Key": "ВалютаДокумента_Key",
            "Контрагент": "Контрагент_Key",
            "ХозяйственнаяОперация": "ВидОперации",
            "Сумма": "СуммаПлатежа",
        },
    ),
    "cash_receipts": Source(
        "Document_ПриходныйКассовыйОрдер",
        PAID,
        {
            "Валюта_Key": "ВалютаДокумента_Key",
            "Контрагент": "Контрагент_Key",
            "ХозяйственнаяОперация": "ВидОперации",
            "Сумма": "СуммаПлатежа",
        },
    ),
    "payment_plans": Source(""),
    "sales_costs": Source(""),
    "stock": Source(""),
}
SMALL = {"Валюта_Key": "ВалютаДокумента_Key", "ЦенаВключаетНДС": "СуммаВключаетНДС"}
UNF: Profile = {
    "units": Source("Catalog_КлассификаторЕдиницИзмерения"),
    "warehouses": Source("Catalog_СтруктурныеЕдиницы"),
    "settlement_objects": Source(""),
    "orders": Source(
        "Document_ЗаказПокупателя",
        (STOCK,),
        SMALL | {"Склад_Key": "СтруктурнаяЕдиницаРезерв_Key", "Менеджер_Key": "Ответственный_Key"},
    ),
    "sales": Source(
        "Document_РасходнаяНакладная",
        (STOCK,),
        SMALL | {"Склад_Key": "СтруктурнаяЕдиница_Key", "ЗаказКлиента": "Заказ"},
    ),
    "returns": Source(""),
    "bank_receipts": Source(
        "Document_ПоступлениеНаСчет",
        PAID,
        {
            "Валюта_Key": "ВалютаДенежныхСредств_Key",
            "Контрагент": "Контрагент_Key",
            "ХозяйственнаяОперация": "ВидОперации",
            "Сумма": "СуммаПлатежа",
        }
        | {"Сделка": "Заказ", "ОбъектРасчетов": "Документ"},
    ),
    "cash_receipts": Source(
        "Document_ПоступлениеВКассу",
        PAID,
        {
            "Валюта_Key": "ВалютаДенежныхСредств_Key",
            "Контрагент": "Контрагент_Key",
            "ХозяйственнаяОперация": "ВидОперации",
            "Сумма": "СуммаПлатежа",
        }
        | {"Сделка": "Заказ", "ОбъектРасчетов": "Документ"},
    ),
    "payment_plans": Source(""),
    "sales_costs": Source(""),
    "stock": Source(
        "AccumulationRegister_ЗапасыНаСкладах/Balance",
        (),
        {"Склад_Key": "СтруктурнаяЕдиница_Key", "ВНаличииBalance": "КоличествоBalance"},
    ),
}
PROFILES: Mapping[str, Profile] = {"ut": UT, "bp": BP, "unf": UNF}


def profile(options: Options) -> dict[str, Source]:
    """The sets of the firm's configuration; SETS names others for some of the streams."""
    name = options.text("PROFILE", "ut")
    if name not in PROFILES:
        raise SourceFailed(options.source, "", f"PROFILE={name} is none of {', '.join(PROFILES)}")
    found = {stream.name: PROFILES[name].get(stream.name, Source(stream.entity)) for stream in STREAMS}
    for stream, entity in _own_sets(options):
        if stream not in found:
            raise SourceFailed(options.source, "", f"SETS names {stream}, which is none of {', '.join(found)}")
        found[stream] = replace(found[stream], entity=entity)
    return found


def _own_sets(options: Options) -> Iterator[tuple[str, str]]:
    """orders=Document_Заказ, sales=Document_Продажа"""
    for pair in options.text("SETS").replace(",", " ").split():
        stream, _, entity = pair.partition("=")
        yield stream, entity


def placed(stream: Stream, source: Source) -> Stream:
    """The stream, reported under the set it comes from."""
    return replace(stream, entity=source.entity or stream.entity)
