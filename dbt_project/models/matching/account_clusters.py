from pipelines.matching.clustering import customers


def model(dbt, session):
    accounts = dbt.ref("accounts").pl()
    return customers(dbt.ref("account_links").pl(), accounts["account_key"]).to_arrow()
