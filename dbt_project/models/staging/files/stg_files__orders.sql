{{ files_entity('orders', words={'channel': channel('orders.channel')}) }}
