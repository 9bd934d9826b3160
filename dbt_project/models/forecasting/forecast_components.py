from pipelines.forecasting.forecasts import forecast


def model(dbt, session):
    return forecast(
        dbt.ref("forecast_days").pl(),
        dbt.ref("forecast_flows").pl(),
        dbt.ref("deal_passes").pl(),
        dbt.ref("deal_standing").pl(),
        dbt.ref("firm_days").pl(),
        dbt.ref("calendars").pl(),
    ).to_arrow()
