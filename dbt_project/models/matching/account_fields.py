from pipelines.matching.fields import compared


def model(dbt, session):
    return compared(
        dbt.ref("accounts").pl(),
        dbt.ref("legal_forms").pl(),
        dbt.ref("common_words").pl(),
        dbt.ref("free_mail_domains").pl(),
    ).to_arrow()
