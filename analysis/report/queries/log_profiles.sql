-- What each logging profile is, in a line.
SELECT name, title FROM fact.log_profile ORDER BY name
