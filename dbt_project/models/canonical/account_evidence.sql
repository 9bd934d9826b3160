with

accounts as (

    select
        account_key,
        source,
        {{ vendor_id('account_key') }} as vendor_id,
        trim(erp_reference) as erp_reference,
        {{ valid_tax_id('tax_id', 'country_code') }} as valid_tax_id,
        {{ plain_text('name') }} as plain_name,
        {{ plain_text("city || ', ' || street") }} as city_and_street,
        {{ alphanumeric('postcode') }} as postcode,
        {{ last_digits('phone', 9) }} as phone_digits,
        website_domain,
        {{ junk_reason('name') }} as junk_reason
    from {{ ref('accounts') }}

),

decisions as (

    select * from {{ ref('account_decisions') }}

),

-- A system whose accounts name ERP numbers is a CRM; the numbers are looked for in the other systems.
crm_sources as (

    select distinct source
    from accounts
    where erp_reference is not null

),

erp_numbers as (

    select
        accounts.vendor_id,
        min(accounts.account_key) as account_key
    from accounts
    left join crm_sources on accounts.source = crm_sources.source
    where crm_sources.source is null
    group by 1
    having count(*) = 1

),

fields as (

    select
        *,
        'postcode' as field,
        postcode as agreeing
    from accounts
    union all
    select
        *,
        'phone' as field,
        phone_digits as agreeing
    from accounts
    union all
    select
        *,
        'website_domain' as field,
        website_domain as agreeing
    from accounts
    union all
    select
        *,
        'city_and_street' as field,
        city_and_street as agreeing
    from accounts

),

named as (

    select * from fields
    where agreeing is not null and junk_reason is null and length(plain_name) > 2

),

-- Every member of a group is joined to its first member. Where two valid tax numbers stand in one group, name and
-- field do not tell who is who.
named_groups as (

    select
        plain_name,
        field,
        agreeing,
        min(account_key) as hub_key
    from named
    group by 1, 2, 3
    having count(*) > 1 and count(distinct valid_tax_id) < 2

),

tax_groups as (

    select
        valid_tax_id,
        min(account_key) as hub_key
    from accounts
    where valid_tax_id is not null
    group by 1
    having count(*) > 1

),

evidence as (

    select
        decisions.account_key_a as account_key,
        decisions.account_key_b as other_account_key,
        'override' as rule,
        decisions.reason as agreeing,
        1 as confidence
    from decisions
    inner join accounts on decisions.account_key_a = accounts.account_key
    inner join accounts as other_accounts on decisions.account_key_b = other_accounts.account_key
    where decisions.decision = 'same'

    union all

    select
        accounts.account_key,
        erp_numbers.account_key as other_account_key,
        'erp_reference' as rule,
        accounts.erp_reference as agreeing,
        0.99 as confidence
    from accounts
    inner join erp_numbers on accounts.erp_reference = erp_numbers.vendor_id

    union all

    select
        accounts.account_key,
        tax_groups.hub_key as other_account_key,
        'tax_id' as rule,
        accounts.valid_tax_id as agreeing,
        0.98 as confidence
    from accounts
    inner join tax_groups on accounts.valid_tax_id = tax_groups.valid_tax_id

    union all

    select
        named.account_key,
        named_groups.hub_key as other_account_key,
        'name_and_field' as rule,
        named.plain_name || ', ' || named.field || ' ' || named.agreeing as agreeing,
        0.9 as confidence
    from named
    inner join named_groups
        on
            named.plain_name = named_groups.plain_name
            and named.field = named_groups.field
            and named.agreeing = named_groups.agreeing

)

select
    evidence.account_key || ' ' || evidence.rule || ' ' || evidence.other_account_key as account_evidence_key,
    evidence.account_key,
    evidence.other_account_key,
    evidence.rule,
    min(evidence.agreeing) as agreeing,
    cast(max(evidence.confidence) as decimal(5, 4)) as confidence
from evidence
where
    evidence.account_key != evidence.other_account_key
    and not exists (
        select 1 from decisions
        where
            decisions.decision = 'different'
            and decisions.account_key_a in (evidence.account_key, evidence.other_account_key)
            and decisions.account_key_b in (evidence.account_key, evidence.other_account_key)
    )
group by 1, 2, 3, 4
