-- Some systems export a probability of 60 % as 60, some as 0.6: where any of a source is above 1, all are in percent.
{{ files_entity(
    'deals', words={'channel': channel('deals.channel'), 'probability': probability('deals.probability')}
) }}
