{{ files_entity('marketing_costs', words={'channel': channel('marketing_costs.channel')}) }}
