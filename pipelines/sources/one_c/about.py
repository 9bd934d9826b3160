"""What 1C says of itself to whoever connects it."""

from pipelines.about import About

ABOUT = About(
    name="1С:Предприятие 8",
    kind="erp",
    interface="standard.odata (OData V3), for УТ 11, КА 2, ERP 2, БП 3.0 and УНФ",
    user="An infobase user of its own, made in «Администрирование» → «Настройки пользователей и прав», with 1C"
    " authentication and no thick client; the interface is switched on in the publication on the web server",
    rights={
        "The role «Удаленный доступ OData» and read rights to each object below": "everything",
        "«Состав стандартного интерфейса OData»": "everything: each catalog, document and register is"
        " published there one by one",
        "Контрагенты, Организации, Валюты, Склады, единицы измерения, Пользователи, Номенклатура": "counterparties,"
        " organizations, currencies, warehouses, units, users, items",
        "Заказы (in БП: счета на оплату), реализации, возвраты": "orders, sales, returns",
        "Поступления безналичных денежных средств, приходные кассовые ордера": "bank_receipts, cash_receipts",
        "План оплат, выручка и себестоимость продаж, товары на складах": "payment_plans, settlement_objects,"
        " sales_costs, stock, in УТ, КА, ERP",
    },
    settings={
        "BASE_URL": "the infobase's address, such as https://1c.example.ru/trade",
        "USER": "the infobase user, such as Аналитика",
        "PASSWORD": "that user's password",
        "PROFILE": "the configuration: ut for УТ 11, КА 2 and ERP 2, bp for БП 3.0, unf for УНФ",
        "SETS": "sets of your own instead of the profile's, such as orders=Document_ЗаказНаПоставку; else none",
        "SERVER_TIME_ZONE": "the zone of the server's clock, where that is not TIME_ZONE, such as Europe/Moscow",
        "WINDOW_DAYS": "how many days before the last document documents are read again; 400 where it is empty",
        "PAGE_ROWS": "records to a page; 1000 where it is empty",
    },
    history="None: an order tells its present state only",
    deletes="By the deletion mark, and once a day all keys are compared, for what was deleted for good",
    limits=(
        "A document older than WINDOW_DAYS that is changed is read again only when everything is.",
        "Names of sets and fields are those of the vendor's configurations; one that was changed needs SETS.",
        "Cost comes from the register of sales, which УТ, КА and ERP have; it is provisional until the month is closed,"
        " and known by document, not by line.",
        "In БП an invoice for payment stands for the order; stock, cost and due days are not read there.",
        "Documents that correct a sale (КорректировкаРеализации) are not read.",
        "Credit limits are kept in contracts, differently in each configuration, and are not read.",
    ),
    page=1000,
    few={"PAGE_ROWS": "1"},
)
