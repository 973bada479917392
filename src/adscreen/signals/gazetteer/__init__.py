"""Names of places as data: countries, cities, regions, peoples, and the scam compounds that reports name."""
