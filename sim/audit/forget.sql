-- Everything one run ($run) wrote. Running again replaces: this and the new facts are one transaction.

DELETE FROM fact.scope_set WHERE run = $run;
DELETE FROM fact.scope_set_atom WHERE run = $run;
DELETE FROM fact.assignment WHERE run = $run;
DELETE FROM fact.trust WHERE run = $run;
DELETE FROM fact.credential WHERE run = $run;
DELETE FROM fact.credential_party WHERE run = $run;
DELETE FROM fact.credential_edge WHERE run = $run;
DELETE FROM fact.acceptance WHERE run = $run;
DELETE FROM fact.task_outcome WHERE run = $run;
DELETE FROM fact.consulted WHERE run = $run;
DELETE FROM fact.policy WHERE run = $run;
DELETE FROM fact.event WHERE run = $run;
DELETE FROM fact.decision WHERE run = $run;
DELETE FROM fact.decision_cover WHERE run = $run;
DELETE FROM fact.need WHERE run = $run;
DELETE FROM fact.incident WHERE run = $run;
DELETE FROM fact.incident_step WHERE run = $run;
DELETE FROM fact.true_actor WHERE run = $run;
DELETE FROM fact.leak WHERE run = $run;
DELETE FROM fact.source_file WHERE run = $run;
DELETE FROM fact.reject WHERE run = $run;
DELETE FROM fact.natural_key WHERE run = $run;
DELETE FROM ledger.credential WHERE run = $run;
DELETE FROM ledger.acceptance WHERE run = $run;
DELETE FROM ledger.task_outcome WHERE run = $run;
DELETE FROM fact.run WHERE key = $run;
