"""The words the people of a marketing agency would use: clients, services, stages, reasons, and who works there."""

TRADES = [
    "Browar",
    "Apteki",
    "Kosmetyki",
    "Meble",
    "Szkoła Językowa",
    "Osiedla",
    "Piekarnie",
    "Stomatologia",
    "Ubezpieczenia",
    "Wydawnictwo",
    "Zdrowa Żywność",
    "Odzież",
    "Rowery",
    "Fotowoltaika",
    "Restauracje",
    "Biuro Podróży",
    "Logistyka",
]
FOREIGN = {
    "DE": ["Naturkost am See", "Müller Küchen", "Nordring Reisen", "Weber Fahrräder", "Praxisgruppe Becker"],
    "LT": ["Baltijos Kosmetika", "Vilniaus Alus", "Kauno Baldai", "Žalgirio Vaistinės", "Nemuno Kelionės"],
    "CZ": ["Pivovar Novák", "Morava Kola", "Cestovka Dvořák", "Pražská Kosmetika", "Lékárny Svoboda"],
}
SEGMENTS = ["Retail brands", "Services", "Manufacturers", "Institutions"]
# code, days, what part of the customers
TERMS = [("7 dni", 7, 0.1), ("14 dni", 14, 0.45), ("30 dni", 30, 0.3), ("45 dni", 45, 0.15)]
SELLERS = [
    ("Katarzyna", "Milewska"),
    ("Adrian", "Kosiński"),
    ("Paulina", "Zięba"),
    ("Bartosz", "Lipiński"),
]
MANAGERS = [("Justyna", "Borowska"), ("Dawid", "Cieślak")]
WAREHOUSES = [("BIURO", "Agencja Warszawa")]
# family, prefix, what it is, price of an hour from and to in PLN
FAMILIES = [
    ("STRATEGY", "STR", "Brand strategy", 260, 420),
    ("COPY", "COP", "Copywriting", 130, 210),
    ("DESIGN", "GRA", "Graphic design", 150, 240),
    ("WEB", "WWW", "Web development", 180, 300),
    ("SOCIAL", "SOC", "Social media", 120, 200),
    ("ADS", "ADS", "Campaign management", 160, 280),
    ("VIDEO", "VID", "Video production", 190, 340),
]
# What goes with the hours at a price of its own.
SERVICES = [
    ("DOD-0001", "Stock photographs and fonts", 90000, 0),
    ("DOD-0002", "Workshop", 350000, 0),
    ("DOD-0003", "Audit of a website", 280000, 0),
    ("DOD-0004", "Training", 240000, 0),
]
STAGES = [
    ("Appointment scheduled", 10),
    ("Brief taken", 20),
    ("Estimated", 40),
    ("Proposal sent", 60),
    ("Contract sent", 85),
    ("Closed won", 100),
    ("Closed lost", 0),
]
LOST_REASONS = ["Price", "Went to another agency", "Did it themselves", "No budget", "No decision"]
# What the salespeople choose for where a contact comes from; the last is chosen by nobody.
CHANNELS = ["Website", "Referral", "Tender", "Partner", "Social media", "Other"]
# Who works by the hour: name, role, what an hour costs the agency, and in which money it is paid.
TEAM = [
    ("Aleksandra", "Wrzos", "Strategy", 118, "PLN"),
    ("Konrad", "Bieńkowski", "Strategy", 104, "PLN"),
    ("Weronika", "Sowa", "Copy", 62, "PLN"),
    ("Igor", "Matusiak", "Copy", 58, "PLN"),
    ("Zofia", "Jarosz", "Copy", 54, "PLN"),
    ("Hubert", "Karaś", "Copy", 49, "PLN"),
    ("Oliwia", "Pilch", "Design", 76, "PLN"),
    ("Filip", "Wrona", "Design", 72, "PLN"),
    ("Maja", "Stachura", "Design", 66, "PLN"),
    ("Szymon", "Gil", "Design", 61, "PLN"),
    ("Julia", "Banaś", "Design", 55, "PLN"),
    ("Kacper", "Rogowski", "Web", 98, "PLN"),
    ("Lena", "Tokarska", "Web", 92, "PLN"),
    ("Wiktor", "Dudziak", "Web", 88, "PLN"),
    ("Nina", "Skiba", "Web", 81, "PLN"),
    ("Oskar", "Wójtowicz", "Social", 57, "PLN"),
    ("Gabriela", "Cieśla", "Social", 52, "PLN"),
    ("Patryk", "Kozak", "Social", 48, "PLN"),
    ("Alicja", "Socha", "Ads", 84, "PLN"),
    ("Mikołaj", "Pająk", "Ads", 78, "PLN"),
    ("Emilia", "Rosa", "Ads", 69, "PLN"),
    ("Tymon", "Żuk", "Video", 94, "PLN"),
    ("Iga", "Czajka", "Video", 86, "PLN"),
    ("Lina", "Petrauskaitė", "Video", 24, "EUR"),
]
# Places in the team of whom nobody has entered yet what an hour costs.
NEWCOMERS = [5]
