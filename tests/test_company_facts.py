"""A firm's own facts take the place of the shipped ones, and a file that cannot is named."""

import pytest

from pipelines import company_facts
from pipelines.outcomes import SettingsError


@pytest.fixture
def shipped(tmp_path):
    (tmp_path / "shipped/seeds").mkdir(parents=True)
    (tmp_path / "shipped/dbt_project.yml").write_text("name: shipped\n")
    (tmp_path / "shipped/seeds/channels.csv").write_text("channel,said,reason\nweb,Web,it is\n")
    (tmp_path / "company").mkdir()
    (tmp_path / "building").mkdir()
    return tmp_path


def project(shipped):
    return company_facts.project(shipped / "shipped", shipped / "company", shipped / "building")


def test_without_facts_of_its_own_the_shipped_project_is_built(shipped):
    assert project(shipped) == shipped / "shipped"


def test_a_firm_s_file_takes_the_place_of_the_seed_of_its_name(shipped):
    own = "channel,said,reason\nfair,Targi,we go there\n"
    (shipped / "company/channels.csv").write_text(own)
    built = project(shipped)
    assert (built / "seeds/channels.csv").read_text() == own
    assert (built / "dbt_project.yml").is_file()
    assert "Web" in (shipped / "shipped/seeds/channels.csv").read_text()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("chanels.csv", b"channel\n", "takes the place of nothing; facts of a firm can be channels.csv"),
        ("channels.csv", b"", "line 1: the columns must be channel,said,reason"),
        ("channels.csv", b"channel,said\n", "line 1: the columns must be channel,said,reason"),
        ("channels.csv", b"channel,said,reason\nweb,Web\n", "record 2: it has 2 values, not 3"),
        (
            "channels.csv",
            "channel,said,reason\ntargi,Międzynarodowe,x\n".encode("cp1250"),
            "is not a CSV file in utf-8",
        ),
    ],
)
def test_a_file_that_cannot_take_a_seed_s_place_is_named(shipped, name, content, said):
    (shipped / "company" / name).write_bytes(content)
    with pytest.raises(SettingsError, match=said):
        project(shipped)


def test_facts_that_are_given_take_the_place_of_shipped_ones_and_the_firm_s_file_goes_before(shipped):
    (shipped / "shipped/seeds/targets.csv").write_text("period,amount\n")
    (shipped / "company/channels.csv").write_text("channel,said,reason\nfair,Targi,we go there\n")
    given = {"channels.csv": "channel,said,reason\nweb,WWW,given\n", "targets.csv": "period,amount\n2026-05,1\n"}
    built = company_facts.project(shipped / "shipped", shipped / "company", shipped / "building", given)
    assert "Targi" in (built / "seeds/channels.csv").read_text()
    assert (built / "seeds/targets.csv").read_text() == given["targets.csv"]
    assert (shipped / "shipped/seeds/targets.csv").read_text() == "period,amount\n"


def test_building_once_more_takes_the_facts_of_now(shipped):
    given = {"targets.csv": "period,amount\n2026-05,1\n", "channels.csv": "channel,said,reason\nweb,WWW,given\n"}
    (shipped / "shipped/seeds/targets.csv").write_text("period,amount\n")
    for facts in (given, {"channels.csv": given["channels.csv"]}):
        built = company_facts.project(shipped / "shipped", shipped / "company", shipped / "building", facts)
    assert (built / "seeds/targets.csv").read_text() == "period,amount\n"
    assert (built / "seeds/channels.csv").read_text() == given["channels.csv"]


def test_a_file_of_a_firm_that_is_no_group_need_not_say_whose_a_fact_is(shipped):
    (shipped / "shipped/seeds/pools.csv").write_text("pool,amount,company\n")
    (shipped / "company/pools.csv").write_text("pool,amount\ndesk,1\n\nshop,2\n")
    built = project(shipped)
    assert (built / "seeds/pools.csv").read_text() == "pool,amount,company\ndesk,1,\nshop,2,\n"
    (shipped / "company/pools.csv").write_text("pool,amount,company\ndesk,1\n")
    with pytest.raises(SettingsError, match="record 2: it has 2 values, not 3"):
        project(shipped)


def test_the_rights_of_readers_are_no_fact_of_the_figures(shipped):
    (shipped / "company/access.csv").write_text("email,role,person,region\n")
    assert company_facts.project(shipped / "shipped", shipped / "company", shipped / "building") == shipped / "shipped"
