"""The words the people of a maker of furniture would use: customers, products, stages, reasons."""

TRADES = [
    "Hotel",
    "Biuro Projektowe",
    "Studio Wnętrz",
    "Restauracja",
    "Apartamenty",
    "Klinika",
    "Kancelaria",
    "Deweloper",
    "Przychodnia",
    "Pensjonat",
    "Galeria",
    "Centrum Biurowe",
    "Akademik",
    "Salon",
    "Inwest-Dom",
    "Biblioteka",
    "Kawiarnia",
]
FOREIGN = {
    "DE": ["Hotel am Park", "Müller Innenausbau", "Büro Nordring", "Weber Ladenbau", "Praxis Becker"],
    "LT": ["Baltijos Interjerai", "Vilniaus Viešbutis", "Kauno Biurai", "Žalgirio Namai", "Nemuno Interjerai"],
    "CZ": ["Interiéry Novák", "Hotel Morava", "Kanceláře Dvořák", "Pražské Interiéry", "Penzion Svoboda"],
}
SEGMENTS = ["Hotels and restaurants", "Offices", "Designers", "Developers"]
# code, days, what part of the customers
TERMS = [("7 dni", 7, 0.2), ("14 dni", 14, 0.45), ("21 dni", 21, 0.2), ("30 dni", 30, 0.15)]
SELLERS = [
    ("Magdalena", "Rogalska"),
    ("Łukasz", "Domański"),
    ("Natalia", "Orzech"),
    ("Marcin", "Głowacki"),
    ("Izabela", "Wasik"),
]
MANAGERS = [("Robert", "Stolarek")]
WAREHOUSES = [("MAG", "Zakład Swarzędz")]
# family, prefix, what it is, list price from and to in PLN
FAMILIES = [
    ("KITCHENS", "KUC", "Fitted kitchen", 3500, 12000),
    ("WARDROBES", "SZA", "Fitted wardrobe", 1200, 5000),
    ("OFFICES", "BIU", "Desk to measure", 450, 2200),
    ("TABLES", "STO", "Table to measure", 700, 4000),
    ("SHELVES", "REG", "Shelves to measure", 300, 1800),
    ("RECEPTIONS", "LAD", "Reception desk", 2000, 9000),
    ("BEDROOMS", "LOZ", "Bed to measure", 900, 3500),
]
SERVICES = [
    ("USL-0001", "Transport", 35000, 24000),
    ("USL-0002", "Measuring on site", 25000, 9000),
    ("USL-0003", "Assembly", 140000, 82000),
    ("USL-0004", "Interior design", 120000, 60000),
]
# What a deal is in while it is open; won and lost are no stages but what became of it.
STAGES = [("Enquiry", 10), ("Measured", 25), ("Design", 45), ("Offer", 65), ("Negotiation", 85)]
LOST_REASONS = ["Price", "Delivery time", "Competitor", "No budget", "Building called off"]
# What the salespeople choose for where a deal comes from; the last is chosen by nobody.
CHANNELS = ["Website", "Referral", "Trade show", "Partner", "Phone", "Other"]
