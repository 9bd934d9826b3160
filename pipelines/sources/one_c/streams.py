"""What is read of 1C, with every column and its type, under the words of its largest configuration, УТ."""

from typing import Any

from pipelines.extraction import Personal, Stream, columns, parts

CATALOG = "Ref_Key Code Description"


def _catalog(name: str, entity: str, *, text: str = "", bool: str = "", **declared: Any) -> Stream:
    """A catalog tells nothing of when its elements changed: all are read."""
    personal = declared.pop("personal", None)
    return Stream(
        name,
        entity,
        key="Ref_Key",
        swept=True,
        deleted="DeletionMark",
        columns=columns(text=f"{CATALOG} {text}", bool=f"DeletionMark {bool}", **declared),
        optional=True,
        personal=personal,
    )


def _document(name: str, entity: str, lines: Stream, *, text: str = "", bool: str = "", **declared: Any) -> Stream:
    """A document tells its own day, not the day of its last change: the days before are read again."""
    personal = declared.pop("personal", None)
    return Stream(
        name,
        entity,
        key="Ref_Key",
        cursor="Date",
        swept=True,
        deleted="DeletionMark",
        columns=columns(
            text=f"Ref_Key Number {text}", bool=f"DeletionMark Posted {bool}", timestamp="Date", **declared
        ),
        optional=True,
        lines=lines,
        narrowed_by="PROFILE SETS",
        personal=personal,
    )


def _lines(name: str, **fields: str) -> Stream:
    """The tables of a document, one after the other; Section says which, LineNumber is of that table."""
    text = f"Ref_Key Section LineNumber {fields.pop('text', '')}"
    return Stream(name, "Lines", key=None, parent="Ref_Key", columns=columns(text=text, **fields))


def _register(name: str, entity: str, key: str, **fields: str) -> Stream:
    return Stream(
        name,
        entity,
        key="RecordKey",
        cursor="Period" if "Period" in fields.get("timestamp", "") else None,
        swept=True,
        columns=(parts("RecordKey", key), *columns(text=f"{key} {fields.pop('text', '')}", **fields)),
        optional=True,
        narrowed_by="PROFILE SETS",
    )


GOODS = "Количество Цена Сумма СуммаНДС"

STREAMS = [
    _catalog(
        "counterparties",
        "Catalog_Контрагенты",
        text="НаименованиеПолное ИНН КПП",
        bool="IsFolder",
        personal=Personal(names="description naimenovanie_polnoe", contacts="inn"),
    ),
    _catalog("organizations", "Catalog_Организации"),
    _catalog("currencies", "Catalog_Валюты"),
    _catalog("warehouses", "Catalog_Склады"),
    _catalog("units", "Catalog_УпаковкиЕдиницыИзмерения"),
    _catalog("users", "Catalog_Пользователи", personal=Personal(names="description")),
    _catalog(
        "items",
        "Catalog_Номенклатура",
        text="НаименованиеПолное Артикул ЕдиницаИзмерения_Key ТипНоменклатуры",
        bool="IsFolder Услуга",
    ),
    # What settlements are about: an order or a sale, by the newer releases' word.
    _catalog(
        "settlement_objects",
        "Catalog_ОбъектыРасчетов",
        text="Объект Объект_Type",
        personal=Personal(mentions="description"),
    ),
    _document(
        "orders",
        "Document_ЗаказКлиента",
        text="Контрагент_Key Организация_Key Валюта_Key Склад_Key Менеджер_Key Статус НомерПоДаннымКлиента",
        bool="ЦенаВключаетНДС Согласован",
        decimal="СуммаДокумента",
        date="ДатаОтгрузки ЖелаемаяДатаОтгрузки",
        personal=Personal(mentions="nomer_po_dannym_klienta"),
        lines=_lines(
            "order_lines",
            text="Номенклатура_Key Склад_Key",
            decimal=GOODS,
            bool="Отменено",
            date="ДатаОтгрузки",
        ),
    ),
    # A sale is a goods issue and an invoice in one.
    _document(
        "sales",
        "Document_РеализацияТоваровУслуг",
        text="Контрагент_Key Организация_Key Валюта_Key Склад_Key ЗаказКлиента",
        bool="ЦенаВключаетНДС",
        decimal="СуммаДокумента",
        lines=_lines("sale_lines", text="Номенклатура_Key Склад_Key ЗаказКлиента", decimal=GOODS),
    ),
    _document(
        "returns",
        "Document_ВозвратТоваровОтКлиента",
        text="Контрагент_Key Организация_Key Валюта_Key Склад_Key ДокументРеализации",
        bool="ЦенаВключаетНДС",
        decimal="СуммаДокумента",
        lines=_lines("return_lines", text="Номенклатура_Key Склад_Key ДокументРеализации", decimal=GOODS),
    ),
    *(
        _document(
            name,
            entity,
            text="Контрагент Организация_Key Валюта_Key ХозяйственнаяОперация",
            decimal="СуммаДокумента",
            lines=_lines(f"{name}_lines", text="ОбъектРасчетов Сделка", decimal="Сумма"),
        )
        for name, entity in (
            ("bank_receipts", "Document_ПоступлениеБезналичныхДенежныхСредств"),
            ("cash_receipts", "Document_ПриходныйКассовыйОрдер"),
        )
    ),
    _register(
        "payment_plans",
        "AccumulationRegister_РасчетыСКлиентамиПланОплат_RecordType",
        "Recorder Recorder_Type LineNumber",
        text="RecordType ДокументПлан ДокументПлан_Type",
        bool="Active",
        decimal="КОплате",
        date="ДатаПлановогоПогашения",
        timestamp="Period",
    ),
    # Cost is provisional until the month is closed; closing it changes these rows and not their documents.
    _register(
        "sales_costs",
        "AccumulationRegister_ВыручкаИСебестоимостьПродаж_RecordType",
        "Recorder Recorder_Type LineNumber",
        bool="Active",
        decimal="Количество Стоимость СтоимостьБезНДС",
        timestamp="Period",
    ),
    _register(
        "stock",
        "AccumulationRegister_ТоварыНаСкладах/Balance",
        "Номенклатура_Key Склад_Key",
        decimal="ВНаличииBalance КОтгрузкеBalance",
    ),
]
