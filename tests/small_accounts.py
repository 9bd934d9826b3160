"""The accounts of the small warehouse: four firms in the ERP, three in the CRM, one joined, two pairs to decide."""

import json

NAMES = {
    "salesforce": {"alfa": "Alfa Parts", "beta": "Beta Garage", "gamma": "Gamma | Fleet"},
    "business_central": {"alfa": "ALFA PARTS", "beta": "Beta Garage Ltd", "gamma": "Gamma Fleet", "delta": "=1+1"},
}


def rows(sources):
    for source in sources:
        for key, name in NAMES[source].items():
            account = {"account_key": f"{source}:{key}", "source": source, "name": name, "city": "Poznań"}
            account |= {"source_url": f"https://{source}.invalid/{key}"}
            if key == "beta":
                account |= {"phone": "+48 61 222", "street": f"Long {len(source)}"}
            yield "canonical.accounts", account
            joined = key == "alfa" and len(sources) == 2
            match = {"account_key": f"{source}:{key}", "source": source, "rule": "tax_id" if joined else "alone"}
            customer = "alfa" if joined else f"{source}:{key}"
            yield "canonical.account_matches", match | {"customer_key": customer}
            if not joined:
                yield "canonical.customers", {"customer_key": customer} | known(source)
    if len(sources) == 2:
        yield "canonical.customers", {"customer_key": "alfa", "is_in_crm": True, "is_in_erp": True}
        for source, street, wins in (("business_central", "Old 1", False), ("salesforce", "New 2", True)):
            value = {"customer_key": "alfa", "account_key": f"{source}:alfa", "source": source, "field": "street"}
            value |= {"customer_value_key": source, "value": street, "master": "newest", "reason": "newest"}
            yield "canonical.customer_values", value | {"is_winner": wins}
        yield "canonical.account_pairs", pair("beta", "not_sure_enough", "name, phone", "street", 0.8)
        yield "canonical.account_pairs", pair("gamma", "name_only", "name", "", 0.6)
        yield "canonical.account_pairs", pair("alfa", None, "tax_id", "", 1) | {"outcome": "merged", "rule": "tax_id"}
    if "salesforce" in sources:
        # It has no day, so that it is in no period of the funnel.
        yield "canonical.deals", {"deal_key": "salesforce:open", "account_key": "salesforce:gamma"}
        deal = {"anchor_key": "deal:open", "anchor_kind": "deal", "bucket": "open_deal", "deal_amount": 1000}
        yield "marts.funnel_to_cash", deal | {"deal_key": "salesforce:open", "is_won": False, "is_excluded": False}
    if "business_central" in sources:
        odd = {"exception_key": "odd", "code": "tax_id_fails_checksum", "severity": "info", "entity": "account"}
        yield "marts.exceptions", odd | {"parameters": "{}", "record_key": "business_central:beta"}


def known(source: str) -> dict:
    return {"is_in_crm": source == "salesforce", "is_in_erp": source == "business_central"}


def pair(key: str, reason: str | None, agreed: str, disagreed: str, confidence: float) -> dict:
    first, second = f"business_central:{key}", f"salesforce:{key}"
    names = [NAMES[source][key] for source in ("business_central", "salesforce")]
    row = {"account_pair_key": f"{first} {second}", "account_key": first, "other_account_key": second}
    row |= {"rule": "scored", "outcome": "proposed", "reason": reason, "agreed": agreed, "disagreed": disagreed}
    return row | {"evidence": json.dumps({"name": names}), "score": 2.5, "confidence": confidence}
