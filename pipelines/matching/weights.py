"""What splink compares: fields, the levels on which they agree, and the weight of each level from the seed."""

import re

import polars as pl

from pipelines.matching.similarity import similarity_sql

_COMMON_MAIL = "(domain_l = mail_domain_r or mail_domain_l = domain_r or mail_domain_l = mail_domain_r)"
_SAME_STREET = "street_l = street_r and (postcode_l = postcode_r or city_l = city_r)"
# The first level that holds is the pair's; the last one of each field is every other pair.
LEVELS = {
    "legal_form": {"same": "legal_form_l = legal_form_r", "differs": "ELSE"},
    "domain": {
        "shared": f"is_domain_shared_l and is_domain_shared_r and (domain_l = domain_r or {_COMMON_MAIL})",
        "same": "domain_l = domain_r",
        "mail": _COMMON_MAIL,
        "differs": "ELSE",
    },
    "phone": {
        "shared": "phone_l = phone_r and is_phone_shared_l and is_phone_shared_r",
        "same": "phone_l = phone_r",
        "differs": "ELSE",
    },
    "street": {"same": _SAME_STREET, "same_text": "street_l = street_r", "differs": "ELSE"},
    "place": {
        "other_country": "country_code_l <> country_code_r",
        "postcode": "postcode_l = postcode_r",
        "city": "city_l = city_r and (postcode_l is null or postcode_r is null)",
        "city_other_postcode": "city_l = city_r",
        "region": "region_l = region_r and (city_l is null or city_r is null)",
        "region_other_city": "region_l = region_r",
        "elsewhere": "ELSE",
    },
}
# Where one of the two does not say, nothing is known: the pair gains and loses nothing.
_UNKNOWN = {
    "name": "name_core_l is null or name_core_r is null",
    "legal_form": "legal_form_l is null or legal_form_r is null",
    "domain": "coalesce(domain_l, mail_domain_l) is null or coalesce(domain_r, mail_domain_r) is null",
    "phone": "phone_l is null or phone_r is null",
    "street": "street_l is null or street_r is null",
    "place": "coalesce(country_code_l = country_code_r, true) and "
    + " and ".join(f"({name}_l is null or {name}_r is null)" for name in ("postcode", "city", "region")),
}


def levels() -> dict[str, dict[str, str]]:
    """The levels of each field; a name that another account of its system bears too is a level of its own."""
    common = "name_core_l = name_core_r and (is_name_common_l or is_name_common_r)"
    return {"name": {"same_common": common} | dict(similarity_sql()) | {"differs": "ELSE"}} | LEVELS


def settings(weights: pl.DataFrame, prior: float) -> dict:
    """A model of splink that was trained before: nothing in it is estimated here."""
    given = {(row["field"], row["level"]): row for row in weights.iter_rows(named=True)}
    wanted = {(field, level) for field, known in levels().items() for level in known}
    if wrong := sorted(wanted ^ given.keys()):
        raise ValueError(f"matching_weights.csv and the levels that are compared differ: {wrong}")
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "id",
        "probability_two_random_records_match": prior,
        "comparisons": [_comparison(field, known, given) for field, known in levels().items()],
        "blocking_rules_to_generate_predictions": [],
        "retain_matching_columns": True,
        # What stands in a function's function alone, splink does not find by itself.
        "additional_columns_to_retain": sorted(set(re.findall(r"\b(name_\w+)_l\b", str(levels()["name"])))),
        "retain_intermediate_calculation_columns": False,
    }


def _comparison(field: str, known: dict[str, str], given: dict) -> dict:
    unknown = {"sql_condition": _UNKNOWN[field], "label_for_charts": "unknown", "is_null_level": True}
    return {
        "output_column_name": field,
        "comparison_levels": [unknown]
        + [
            {
                "sql_condition": condition,
                "label_for_charts": level,
                "m_probability": float(given[field, level]["m_probability"]),
                "u_probability": float(given[field, level]["u_probability"]),
            }
            for level, condition in known.items()
        ],
    }


def level_sql(field: str) -> str:
    """The name of the level whose number splink gives as gamma: the last is 0, a field somebody lacks is -1."""
    known = list(levels()[field])
    cases = " ".join(f"when {len(known) - 1 - place} then '{level}'" for place, level in enumerate(known))
    return f"case gamma_{field} {cases} end as {field}_level"
