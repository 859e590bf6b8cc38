-- Every table of the run ($run) is written; until this, measures refuse it.

UPDATE fact.run SET completed = now() AT TIME ZONE 'UTC' WHERE key = $run;
