"""What sets one simulated firm apart from another: how many, how often, how long. The rest is the same for all."""

from dataclasses import dataclass
from types import ModuleType

Weights = tuple[float, ...]
Between = tuple[int, int]


@dataclass(frozen=True)
class Manner:
    words: ModuleType  # TRADES, FOREIGN, SELLERS, TERMS, FAMILIES, SERVICES, STAGES, LOST_REASONS
    # At scale 1: firms there from the beginning, firms that come each month, and what happens in a month.
    opening_customers: int
    opening_prospects: int
    new_firms: float
    deals: float
    loose_leads: float
    orders: float  # without a deal
    direct_invoices: float  # without an order
    items: int
    warehouses: int
    # How a deal goes: the weight of each way through the stages, how many orders a won one brings, and when the first.
    ways: Weights
    orders_of_deal: Weights
    days_to_order: Between
    deal_value: int  # in hundredths, half of the deals that nothing was ordered from are below
    # How an order goes; days are working days.
    needs_approval: float
    days_asked_for: Between
    days_far_ahead: Between
    days_of_delivery: Between
    out_of_stock: float
    days_of_waiting: Between
    late: float
    days_late: Between
    deliveries: Weights  # one, two or three
    days_between_deliveries: Between
    one_invoice: float  # for several deliveries
    # What an order is for.
    lines: tuple[float, float]  # median and spread
    transport: float
    quantity: tuple[float, float]
    several_pieces: int  # at least so many of the first line, where there are several deliveries
    # Money.
    advances: float  # part of the firms that pay before they get anything
    advance_part: float  # of what is billed
    carriage: int  # in hundredths of a zloty, half of the deliveries below
    manners_of_payment: Weights = (80, 10, 2, 3, 5)  # whole, in two parts, never, a little short, early for a discount
    names_invoice: float = 0.7  # how many credit notes on goods do
    refunds: bool = True  # what is credited and not set against an invoice is paid back
    # Items of known, of unknown and of late cost; how often a cost is corrected later, or goods given back are scrap.
    cost_known: Weights = (96, 2, 2)
    cost_adjusted: float = 0.03
    scrapped: float = 0.33
    # Days from confirming an order to making it, where it is made to order; it is ready the day before it leaves.
    days_to_production: Between | None = None
    shows_requests: bool = True  # the ERP tells an order that waits for approval from a draft
    # A firm that ships nothing sells work: what would be a delivery is a part of it done, which is billed all the same.
    ships: bool = True
