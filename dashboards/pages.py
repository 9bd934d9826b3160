"""The pages, in the order in which they stand; the first is the start."""

PAGES = {
    "overview": ":material/dashboard:",
    "customer_profitability": ":material/trending_up:",
    "order_cycle_time": ":material/schedule:",
    "funnel_to_cash": ":material/filter_alt:",
    "receivables": ":material/request_quote:",
    "sales_and_prices": ":material/sell:",
    "forecast_and_stock": ":material/inventory:",
    "who_is_who": ":material/group:",
    "trust": ":material/verified:",
    "customer": ":material/person:",
}
# Reached by a link that says whom it is about.
HIDDEN = {"customer"}


def path(name: str) -> str:
    """The last part of the address of a page; the start has none."""
    return "" if name == next(iter(PAGES)) else name.replace("_", "-")
