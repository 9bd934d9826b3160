"""The distributor of car parts: many small orders from stock, out of five warehouses."""

from pipelines.sandbox.business.manner import Manner
from pipelines.sandbox.parts import words

MANNER = Manner(
    words=words,
    opening_customers=300,
    opening_prospects=60,
    new_firms=3,
    deals=60,
    loose_leads=55,
    orders=292,
    direct_invoices=6,
    items=600,
    warehouses=5,
    ways=(8, 3, 3, 2, 2, 1, 6, 5, 4, 3, 2, 0.3, 0.4, 0.3, 0.5, 0.4, 0.2),
    orders_of_deal=(18, 57, 12, 8, 3, 2),
    days_to_order=(0, 8),
    deal_value=700_000,
    needs_approval=0.1,
    days_asked_for=(3, 14),
    days_far_ahead=(25, 80),
    days_of_delivery=(1, 4),
    out_of_stock=0.12,
    days_of_waiting=(2, 10),
    late=0.11,
    days_late=(1, 8),
    deliveries=(83, 14, 3),
    days_between_deliveries=(4, 12),
    one_invoice=0.3,
    lines=(1.6, 0.8),
    transport=0.15,
    quantity=(4, 0.9),
    several_pieces=6,
    advances=0.05,
    advance_part=1,
    carriage=1_900,
)
