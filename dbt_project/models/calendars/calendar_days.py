from pipelines.calendars.working_days import calendar


def model(dbt, session):
    return calendar(dbt.ref("calendar_countries").pl(), dbt.ref("calendars").pl()).to_arrow()
