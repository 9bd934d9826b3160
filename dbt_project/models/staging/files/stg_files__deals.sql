{{ files_entity('deals', words={'channel': channel('deals.channel')}) }}
