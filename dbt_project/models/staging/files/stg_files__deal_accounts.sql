{{ files_entity('deal_accounts') }}
