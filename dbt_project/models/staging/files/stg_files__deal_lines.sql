{{ files_entity('deal_lines') }}
