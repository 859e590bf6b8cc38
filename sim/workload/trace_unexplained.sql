-- Uses that no call explains: an attacker's, or those of a source that names none.
SELECT count(*) FROM bare_event WHERE kind = 'use' AND action IS NULL
