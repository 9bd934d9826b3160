from pipelines.forecasting import standing


def model(dbt, session):
    as_of, _, minimum, _ = standing.as_of_day(dbt.ref("firm_days").pl())
    return standing.deal_chances(dbt.ref("deal_passes").pl(), dbt.ref("deal_standing").pl(), as_of, minimum).to_arrow()
