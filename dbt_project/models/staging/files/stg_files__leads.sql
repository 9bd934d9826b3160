{{ files_entity('leads', words={'channel': channel('leads.channel')}) }}
