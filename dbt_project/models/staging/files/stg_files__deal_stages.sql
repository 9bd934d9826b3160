{{ files_entity('deal_stages') }}
