"""The words the simulated firm's people would use: names, towns, parts, reasons."""

TRADES = [
    "Auto-Części",
    "Moto-Hurt",
    "Auto-Serwis",
    "Car-Parts",
    "Auto-Centrum",
    "Moto-Expert",
    "Warsztat",
    "Auto-Land",
    "Trans-Moto",
    "Auto-Zbyt",
    "Bosmal",
    "Auto-Mix",
    "Polmot",
    "Autodiagnostyka",
    "Mechanika Pojazdowa",
    "Truck-Service",
    "Oleje i Filtry",
    "Auto-Komplex",
    "Motozbyt",
    "Agro-Części",
]
FOREIGN = {
    "DE": [
        "Müller Kfz-Teile",
        "Schäfer Fahrzeugtechnik",
        "Nordring Autoteile",
        "Weber Nutzfahrzeuge",
        "Becker Ersatzteile",
    ],
    "LT": ["Baltijos Detalės", "Vilniaus Autodalys", "Kauno Motorai", "Žalgirio Servisas", "Nemuno Autodalys"],
    "CZ": ["Autodíly Novák", "Morava Servis", "Motor Dvořák", "Pražské Autodíly", "Náhradní Díly Svoboda"],
}
SEGMENTS = ["Workshop", "Retailer", "Fleet", "Wholesaler"]
INDUSTRIES = ["Automotive repair", "Parts retail", "Transport", "Wholesale"]
# code, days, what part of the customers
TERMS = [("7D", 7, 0.08), ("14D", 14, 0.34), ("30D", 30, 0.4), ("60D", 60, 0.14), ("CASH", 0, 0.04)]
SELLERS = [
    ("Anna", "Zawadzka"),
    ("Piotr", "Malinowski"),
    ("Ewa", "Ratajczak"),
    ("Tomasz", "Bielecki"),
    ("Marta", "Olszewska"),
    ("Jakub", "Wrona"),
    ("Karolina", "Nowicka"),
    ("Michał", "Sroka"),
    ("Joanna", "Kania"),
    ("Paweł", "Urban"),
    ("Agnieszka", "Cichoń"),
    ("Rafał", "Witek"),
    ("Monika", "Lach"),
    ("Grzegorz", "Stach"),
    ("Beata", "Pawlak"),
]
MANAGERS = [("Krzysztof", "Halicki"), ("Dorota", "Jasińska"), ("Adam", "Wolny")]
WAREHOUSES = [
    ("WAW", "Warszawa Okęcie"),
    ("KRK", "Kraków Skawina"),
    ("WRO", "Wrocław Bielany"),
    ("POZ", "Poznań Komorniki"),
    ("GDN", "Gdańsk Kowale"),
]
# family, prefix, what it is, list price from and to in PLN
FAMILIES = [
    ("BRAKES", "BRK", "Brake pads", 60, 320),
    ("FILTERS", "FLT", "Oil filter", 15, 90),
    ("OILS", "OIL", "Engine oil", 80, 400),
    ("BATTERIES", "BAT", "Battery", 250, 900),
    ("LIGHTING", "LGT", "Headlamp", 40, 1500),
    ("SUSPENSION", "SUS", "Shock absorber", 120, 800),
    ("CLUTCH", "CLT", "Clutch kit", 300, 1900),
    ("TYRES", "TYR", "Tyre", 180, 1200),
]
SERVICES = [
    ("SRV-0001", "Transport", 2500, 1800),
    ("SRV-0002", "Workshop training", 120000, 45000),
    ("SRV-0003", "Diagnostic software subscription", 89000, 51000),
    ("SRV-0004", "Equipment inspection", 35000, 14000),
]
STAGES = [
    ("Prospecting", 10),
    ("Qualification", 20),
    ("Needs Analysis", 40),
    ("Proposal/Price Quote", 60),
    ("Negotiation/Review", 80),
    ("Closed Won", 100),
    ("Closed Lost", 0),
]
LOST_REASONS = ["Price", "Competitor", "No budget", "No decision", "Delivery time"]
LEAD_SOURCES = ["Web", "Phone Inquiry", "Partner Referral", "Trade Show", "Employee Referral", "Other"]
CASE_REASONS = ["Wrong part", "Damaged in transport", "Missing quantity", "Invoice question", "Other"]
