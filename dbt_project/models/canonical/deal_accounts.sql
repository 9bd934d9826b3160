{{ staged('deal_accounts') }}
