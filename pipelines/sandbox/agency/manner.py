"""The marketing agency: some fifty projects a month, worked off by the hour and billed by the month or the part."""

from pipelines.sandbox.agency import words
from pipelines.sandbox.business.manner import Manner

MANNER = Manner(
    words=words,
    opening_customers=90,
    opening_prospects=40,
    new_firms=2.5,
    deals=48,
    loose_leads=60,
    orders=26,
    direct_invoices=6,
    items=70,
    warehouses=1,
    ways=(9, 3, 3, 2, 2, 1, 6, 5, 4, 3, 2, 0.3, 0.4, 0.3, 0.5, 0.4, 0.2),
    orders_of_deal=(5, 80, 12, 3),
    days_to_order=(0, 6),
    deal_value=1_100_000,
    needs_approval=0.15,
    days_asked_for=(15, 45),
    days_far_ahead=(60, 110),
    days_of_delivery=(12, 30),
    # Nothing is on a shelf: what makes a project wait is a client who has not sent the material.
    out_of_stock=0.2,
    days_of_waiting=(3, 12),
    late=0.22,
    days_late=(1, 12),
    # A project is billed once, or in two or three parts; a part is about a month's work.
    deliveries=(45, 25, 30),
    days_between_deliveries=(18, 23),
    one_invoice=0.1,
    lines=(0.9, 0.7),
    transport=0.2,
    quantity=(30, 0.7),
    several_pieces=24,
    advances=0.15,
    advance_part=0.4,
    carriage=0,
    refunds=False,
    # The ERP books no cost with a service: what a project costs is in the time sheets.
    cost_known=(0, 100, 0),
    cost_adjusted=0,
    scrapped=0,
    names_invoice=1,
    manners_of_payment=(82, 15, 3, 0, 0),
    shows_requests=False,
    ships=False,
)
