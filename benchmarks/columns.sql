-- What pandas is given: the columns that the queries beside it read. Times are microseconds; never is far off.

-- frame: calls
SELECT kind, decision, principal, resource, time FROM bare_event;

-- frame: needs
SELECT task, principal, atom, epoch_us(starts) AS starts, epoch_us(ends) AS ends FROM need;

-- frame: credentials
SELECT id AS credential, holder, scope_set, epoch_us(from_lo) AS since, epoch_us(least(to_hi, TIMESTAMP '9999-01-01')) AS until FROM credential;

-- frame: scopes
SELECT scope_set, atom FROM scope_set_atom;

-- frame: catalogue
SELECT atom, verifier, weight FROM catalogue;

-- frame: acceptances
SELECT credential, verifier, epoch_us(until_hi) AS refused FROM acceptance;

-- frame: window
SELECT epoch_us(t0) AS t0, epoch_us(t1) AS t1, (SELECT count(*) FROM principal WHERE kind = 'agent' AND active_to = 'infinity') * epoch(t1 - t0) / 86400
       AS agent_days
FROM run;
