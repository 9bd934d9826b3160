{{ files_entity('payment_allocations') }}
