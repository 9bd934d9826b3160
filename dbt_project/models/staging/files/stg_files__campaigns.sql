{{ files_entity('campaigns', words={'channel': channel('campaigns.channel')}) }}
