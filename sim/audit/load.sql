-- How the rows of an engine become facts of one run ($run). Each statement reads the rows named above it.

-- rows: Event
-- What a call touches stands with what happened to it as well: nearly every measure asks, and a join of the two outgrows memory.
INSERT INTO fact.event BY NAME
SELECT $run AS run, 1 AS resolution, 'start' AS meaning, a.resource,
       r.* REPLACE (coalesce(r.atom, a.atom) AS atom, cached <> 0 AS cached, enforced <> 0 AS enforced,
                    CASE WHEN expires IS NOT NULL THEN coalesce(resolved, 'baked') END AS resolved)
FROM rows r
LEFT JOIN (SELECT a.id, a.atom, a.resource FROM fact.action a JOIN fact.run q ON q.workload = a.workload WHERE q.key = $run) a
    ON a.id = r.action;

-- rows: Credential
INSERT INTO fact.credential BY NAME
SELECT $run AS run, r.* EXCLUDE (valid_from, valid_to) REPLACE (enforced <> 0 AS enforced),
       valid_from AS from_lo, valid_from AS from_hi, valid_to AS to_lo, valid_to AS to_hi, 'simulated' AS basis
FROM rows r;

-- rows: Acceptance
INSERT INTO fact.acceptance BY NAME
SELECT $run AS run, r.* EXCLUDE (until), until AS until_lo, until AS until_hi FROM rows r;

-- rows: TaskOutcome
INSERT INTO fact.task_outcome BY NAME SELECT $run AS run, r.* FROM rows r;

-- rows: Need
INSERT INTO fact.need BY NAME SELECT $run AS run, r.* REPLACE (met <> 0 AS met) FROM rows r;

-- rows: Trust
INSERT INTO fact.trust BY NAME SELECT $run AS run, r.* FROM rows r;

-- rows: Approval
INSERT INTO fact.approval BY NAME
SELECT $run AS run, r.* EXCLUDE (by_agent) REPLACE (inspected <> 0 AS inspected),
       CASE WHEN decider IS NULL THEN 'timeout' ELSE 'human' END AS kind,
       CASE WHEN by_agent <> 0 THEN 'agent' ELSE 'platform' END AS summary_author
FROM rows r;
INSERT INTO fact.approval_cover BY NAME SELECT $run AS run, id AS approval, action FROM rows WHERE decided IS NOT NULL;

-- rows: Covered
INSERT INTO fact.approval_cover BY NAME SELECT $run AS run, r.* FROM rows r;

-- rows: CredentialEdge
INSERT INTO fact.credential_edge BY NAME
SELECT $run AS run, r.*, 'chained' AS kind FROM rows r;

-- rows: CredentialParty
INSERT INTO fact.credential_party BY NAME SELECT $run AS run, r.*, 'possessor' AS role FROM rows r;

-- rows: Incident
INSERT INTO fact.incident BY NAME
WITH declared AS (
    SELECT unnest(from_json(w.settings->'incidents', '["JSON"]')) AS threat
    FROM fact.workload w JOIN fact.run q ON q.workload = w.key WHERE q.key = $run
)
SELECT $run AS run, r.*, coalesce(d.threat->>'technique', 'not stated') AS technique
FROM rows r LEFT JOIN declared d ON d.threat->>'name' = r.threat;

-- rows: IncidentStep
INSERT INTO fact.incident_step BY NAME SELECT $run AS run, r.* REPLACE (allowed <> 0 AS allowed) FROM rows r;

-- rows: TrueActor
INSERT INTO fact.true_actor BY NAME SELECT $run AS run, event, 'attacker' AS actor FROM rows;

-- rows: Consulted
INSERT INTO fact.consulted BY NAME SELECT $run AS run, r.* FROM rows r;

-- rows: Demand
INSERT INTO fact.demand BY NAME SELECT $run AS run, r.* FROM rows r;

-- rows: Leak
INSERT INTO fact.leak BY NAME SELECT $run AS run, r.* FROM rows r;

-- rows: Assignment
INSERT INTO fact.assignment BY NAME SELECT $run AS run, r.* FROM rows r;

-- rows: Reowned
INSERT INTO fact.reowned BY NAME SELECT $run AS run, r.* FROM rows r;

-- rows: Shadow
INSERT INTO fact.shadow BY NAME SELECT $run AS run, r.* FROM rows r;

-- rows: Reach
INSERT INTO fact.reach BY NAME SELECT $run AS run, r.* FROM rows r;

-- rows: ScopeSetAtom
INSERT INTO fact.scope_set_atom BY NAME
SELECT $run AS run, r.*, 'allow' AS effect, false AS conditional FROM rows r;

-- rows: ScopeSet
INSERT INTO fact.scope_set BY NAME SELECT $run AS run, r.*, 'granted' AS basis FROM rows r;
