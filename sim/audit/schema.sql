-- The store. One table a fact; every column says its unit.
--
-- fact    what engines and ingests write; nobody measures it directly
-- ledger  what ledger.sql rebuilds from a log, keyed (run, profile)
-- log, truth   evidence views of one shape over both (evidence.sql); measures see exactly one of them
--
-- Time is TIMESTAMP, UTC, microseconds. Validity is half-open. infinity: never ends. NULL: unknown.
-- Dimensions are keyed by workload and shared by its runs; what a run writes is keyed by run.
-- Large tables declare no key: an index costs ten seconds a million rows and five times the file. invariants.sql
-- looks for rows written twice.

CREATE SCHEMA fact;
CREATE SCHEMA ledger;
CREATE SCHEMA log;
CREATE SCHEMA truth;

CREATE TYPE principal_kind AS ENUM ('human', 'team', 'agent', 'agent_instance', 'service', 'role', 'group', 'shared_account');
CREATE TYPE access_level AS ENUM ('list', 'read', 'tagging', 'write', 'permissions');
CREATE TYPE credential_kind AS ENUM ('static_key', 'session_token', 'task_token', 'action_token', 'access_key', 'unknown', 'break_glass');
CREATE TYPE resolution AS ENUM ('baked', 'looked_up', 'both', 'unknown');
CREATE TYPE credential_binding AS ENUM ('bearer', 'audience', 'key_exportable', 'key_bound', 'context_bound', 'unknown');
CREATE TYPE validity_basis AS ENUM ('stated', 'simulated', 'seen_use', 'unknown');
CREATE TYPE trust_gate AS ENUM ('none', 'rule', 'classifier', 'human', 'issuer');
CREATE TYPE end_reason AS ENUM ('task_end', 'action_end', 'offboarding', 'incident', 'renewal', 'deleted');
CREATE TYPE action_reason AS ENUM ('planned', 'discovered', 'drift', 'injected');
CREATE TYPE task_outcome_kind AS ENUM ('completed', 'broken', 'open');
CREATE TYPE event_kind AS ENUM ('issue', 'renew', 'revoke', 'use', 'decide', 'request_approval', 'decide_approval', 'assume', 'spawn', 'task_start', 'task_end', 'change_owner', 'review', 'log_gap', 'escalate');
CREATE TYPE time_meaning AS ENUM ('start', 'completion', 'received');
CREATE TYPE decision_result AS ENUM ('allow', 'deny');
CREATE TYPE event_reason AS ENUM ('task_end', 'action_end', 'offboarding', 'incident', 'renewal', 'deleted', 'policy', 'approver', 'timeout', 'expired', 'revoked', 'out_of_scope', 'completed', 'broken', 'changed', 'outage', 'binding', 'parent_ended', 'throttled');
CREATE TYPE asked_through AS ENUM ('desk', 'owner', 'on_call', 'ticket', 'second', 'team');
CREATE TYPE assignment_state AS ENUM ('active', 'eligible');
CREATE TYPE cascade_rule AS ENUM ('none', 'on_revoke', 'on_expire');
CREATE TYPE bootstrap_kind AS ENUM ('none', 'static_secret', 'attested');
CREATE TYPE place_kind AS ENUM ('process', 'host', 'log', 'memory', 'repository', 'issuer', 'chat');
CREATE TYPE threat AS ENUM ('t1a', 't1b', 't1c', 't2', 't3', 't4', 't5');

CREATE TABLE fact.meta (
    key VARCHAR NOT NULL PRIMARY KEY,
    value VARCHAR NOT NULL
);
COMMENT ON TABLE fact.meta IS 'what this store is; one row a fact';
COMMENT ON COLUMN fact.meta.key IS 'name of the fact: store_version';
COMMENT ON COLUMN fact.meta.value IS 'its value, as text';

CREATE TABLE fact.workload (
    key INTEGER NOT NULL PRIMARY KEY,
    id VARCHAR NOT NULL UNIQUE,
    kind VARCHAR NOT NULL CHECK (kind IN ('synthetic', 'trace', 'observed')),
    scenario VARCHAR,
    title VARCHAR,
    seed BIGINT,
    replicate INTEGER,
    agents BIGINT NOT NULL,
    tasks BIGINT NOT NULL,
    actions BIGINT NOT NULL,
    rebuilt_from INTEGER,
    settings JSON
);
COMMENT ON TABLE fact.workload IS 'what agents set out to do; one row a workload, shared by every run of it. An ingest has one too: what its log shows';
COMMENT ON COLUMN fact.workload.key IS 'surrogate within this store';
COMMENT ON COLUMN fact.workload.id IS 'hash of scenario, seed and replicate, or of the ordered file hashes of an ingest';
COMMENT ON COLUMN fact.workload.kind IS 'made from a scenario, rebuilt from a log, or only observed in one';
COMMENT ON COLUMN fact.workload.scenario IS 'name of the scenario, NULL where there is none';
COMMENT ON COLUMN fact.workload.title IS 'the scenario in a line, for headings';
COMMENT ON COLUMN fact.workload.seed IS 'seed of every draw, NULL where nothing was drawn';
COMMENT ON COLUMN fact.workload.replicate IS 'replicate number from 0, NULL where nothing was drawn';
COMMENT ON COLUMN fact.workload.agents IS 'agents, count';
COMMENT ON COLUMN fact.workload.tasks IS 'tasks of every depth, count';
COMMENT ON COLUMN fact.workload.actions IS 'intended actions, count';
COMMENT ON COLUMN fact.workload.rebuilt_from IS 'key of the run whose log it was rebuilt from, NULL where it was not';
COMMENT ON COLUMN fact.workload.settings IS 'the scenario as validated, with the source of each figure';

CREATE TABLE fact.run (
    key INTEGER NOT NULL PRIMARY KEY,
    id VARCHAR NOT NULL UNIQUE,
    kind VARCHAR NOT NULL CHECK (kind IN ('simulated', 'replayed', 'ingested')),
    workload INTEGER NOT NULL,
    control VARCHAR,
    control_hash VARCHAR,
    platform VARCHAR,
    policy VARCHAR,
    engine VARCHAR,
    profile VARCHAR NOT NULL,
    estimand VARCHAR CHECK (estimand IN ('transition', 'steady')),
    seed BIGINT,
    replicate INTEGER,
    begins TIMESTAMP NOT NULL,
    t0 TIMESTAMP NOT NULL,
    t1 TIMESTAMP NOT NULL,
    version VARCHAR NOT NULL,
    settings JSON,
    completed TIMESTAMP
);
COMMENT ON TABLE fact.run IS 'one workload under one control model, or one ingested body of logs';
COMMENT ON COLUMN fact.run.key IS 'surrogate within this store, 32 bits, carried by every table a run writes';
COMMENT ON COLUMN fact.run.id IS 'hash of workload (scenario, seed, replicate, store version), control without its words and logging, what platforms make of it, engine and estimand';
COMMENT ON COLUMN fact.run.kind IS 'where its facts come from';
COMMENT ON COLUMN fact.run.workload IS 'key of the workload it ran';
COMMENT ON COLUMN fact.run.control IS 'name of the control model, NULL for an ingest';
COMMENT ON COLUMN fact.run.control_hash IS 'hash of the control model without its logging';
COMMENT ON COLUMN fact.run.platform IS 'names of the platforms the model was compiled to, in the order of the catalogue; what was clamped stands in settings';
COMMENT ON COLUMN fact.run.policy IS 'hash of the policy in force, NULL for none';
COMMENT ON COLUMN fact.run.engine IS 'name of the engine, NULL for an ingest';
COMMENT ON COLUMN fact.run.profile IS 'logging profile its log is seen through';
COMMENT ON COLUMN fact.run.estimand IS 'transition: one brownfield stock for all; steady: burned in under itself; NULL for an ingest';
COMMENT ON COLUMN fact.run.seed IS 'seed of every draw';
COMMENT ON COLUMN fact.run.replicate IS 'replicate number from 0';
COMMENT ON COLUMN fact.run.begins IS 'UTC, start of the warm-up';
COMMENT ON COLUMN fact.run.t0 IS 'UTC, start of the measured window, inclusive';
COMMENT ON COLUMN fact.run.t1 IS 'UTC, end of the measured window, exclusive';
COMMENT ON COLUMN fact.run.version IS 'version of outlive that wrote it';
COMMENT ON COLUMN fact.run.settings IS 'the control model as resolved, defaults included';
COMMENT ON COLUMN fact.run.completed IS 'UTC, when its last table was written; NULL is a run that measures refuse';

CREATE TABLE fact.comparison (
    id VARCHAR NOT NULL PRIMARY KEY,
    scenario VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    baseline VARCHAR NOT NULL,
    replicates INTEGER NOT NULL,
    created TIMESTAMP NOT NULL,
    pilot VARCHAR
);
COMMENT ON TABLE fact.comparison IS 'a set of runs that answer one question together';
COMMENT ON COLUMN fact.comparison.id IS 'hash of its runs in order';
COMMENT ON COLUMN fact.comparison.scenario IS 'name of the scenario';
COMMENT ON COLUMN fact.comparison.title IS 'heading of its report';
COMMENT ON COLUMN fact.comparison.baseline IS 'control model every other is compared with';
COMMENT ON COLUMN fact.comparison.replicates IS 'replications per control model, count';
COMMENT ON COLUMN fact.comparison.created IS 'UTC';
COMMENT ON COLUMN fact.comparison.pilot IS 'how a pilot decided on the number of replications, in words; NULL where it was given';

CREATE TABLE fact.comparison_run (
    comparison VARCHAR NOT NULL,
    run INTEGER NOT NULL,
    position INTEGER NOT NULL
);
COMMENT ON TABLE fact.comparison_run IS 'which runs a comparison holds';
COMMENT ON COLUMN fact.comparison_run.comparison IS 'id of the comparison';
COMMENT ON COLUMN fact.comparison_run.run IS 'key of the run';
COMMENT ON COLUMN fact.comparison_run.position IS 'order of its control model on the command line, from 0; the baseline is 0';

CREATE TABLE fact.split_step (
    comparison VARCHAR NOT NULL,
    step INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    asked VARCHAR NOT NULL,
    changed VARCHAR NOT NULL,
    possible BOOLEAN NOT NULL,
    refusal VARCHAR
);
COMMENT ON TABLE fact.split_step IS 'a hybrid between the baseline and the other control model of a comparison';
COMMENT ON COLUMN fact.split_step.comparison IS 'id of the comparison, which has two control models';
COMMENT ON COLUMN fact.split_step.step IS 'order, from 0: hybrids of factors, the baseline first and the model last, then the ladder';
COMMENT ON COLUMN fact.split_step.kind IS 'factors, section or knob: what is asked for';
COMMENT ON COLUMN fact.split_step.asked IS 'the factors, the section or the knob, joined by +; empty for the baseline';
COMMENT ON COLUMN fact.split_step.changed IS 'every knob that is as the model has it, joined by +';
COMMENT ON COLUMN fact.split_step.possible IS 'whether some control model is this step; then split_run names its runs';
COMMENT ON COLUMN fact.split_step.refusal IS 'which two knobs contradict each other where only what is asked for is changed';

CREATE TABLE fact.split_run (
    comparison VARCHAR NOT NULL,
    step INTEGER NOT NULL,
    run INTEGER NOT NULL
);
COMMENT ON TABLE fact.split_run IS 'which runs a step of a split has; steps that change the same knobs share theirs';
COMMENT ON COLUMN fact.split_run.comparison IS 'id of the comparison';
COMMENT ON COLUMN fact.split_run.step IS 'order of the step';
COMMENT ON COLUMN fact.split_run.run IS 'key of the run';

CREATE TABLE fact.assumption (
    comparison VARCHAR NOT NULL,
    assumption INTEGER NOT NULL,
    key VARCHAR NOT NULL,
    said VARCHAR NOT NULL,
    low VARCHAR NOT NULL,
    high VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    refusal VARCHAR
);
COMMENT ON TABLE fact.assumption IS 'an assumption of a comparison that was set to both ends of its range, alone';
COMMENT ON COLUMN fact.assumption.comparison IS 'id of the comparison, which has two control models';
COMMENT ON COLUMN fact.assumption.assumption IS 'order in the file of ranges, from 0';
COMMENT ON COLUMN fact.assumption.key IS 'dotted key, * for every name at once';
COMMENT ON COLUMN fact.assumption.said IS 'what the scenario or the control models say, in the unit that the key ends with';
COMMENT ON COLUMN fact.assumption.low IS 'the low end, in the same unit';
COMMENT ON COLUMN fact.assumption.high IS 'the high end, in the same unit';
COMMENT ON COLUMN fact.assumption.source IS 'where the range comes from, or assumed: and why';
COMMENT ON COLUMN fact.assumption.refusal IS 'why it cannot be varied here; NULL where it was';

CREATE TABLE fact.assumption_value (
    comparison VARCHAR NOT NULL,
    assumption INTEGER NOT NULL,
    ending VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    replicate INTEGER NOT NULL,
    quantity VARCHAR NOT NULL,
    value DOUBLE,
    most DOUBLE
);
COMMENT ON TABLE fact.assumption_value IS 'a quantity of a run that was not kept, at an end of an assumption';
COMMENT ON COLUMN fact.assumption_value.comparison IS 'id of the comparison';
COMMENT ON COLUMN fact.assumption_value.assumption IS 'order of the assumption';
COMMENT ON COLUMN fact.assumption_value.ending IS 'low or high';
COMMENT ON COLUMN fact.assumption_value.position IS 'the control model: 0 the baseline, 1 the other';
COMMENT ON COLUMN fact.assumption_value.replicate IS 'replicate, from 0; its draws are those of the same replicate of the comparison';
COMMENT ON COLUMN fact.assumption_value.quantity IS 'key of a column of the comparison';
COMMENT ON COLUMN fact.assumption_value.value IS 'what the replicate adds to the quantity over all replicates, in the unit of the column, measured on the truth: its value at least, or its share in a pooled quantile; NULL where nothing is known';
COMMENT ON COLUMN fact.assumption_value.most IS 'the same at most: equal where the value is known, infinite where no limit is';

CREATE TABLE fact.assumption_draw (
    comparison VARCHAR NOT NULL,
    draw INTEGER NOT NULL,
    assumption INTEGER NOT NULL,
    place DOUBLE NOT NULL,
    value VARCHAR NOT NULL
);
COMMENT ON TABLE fact.assumption_draw IS 'where an assumption of a comparison lay when all of them were drawn together';
COMMENT ON COLUMN fact.assumption_draw.comparison IS 'id of the comparison';
COMMENT ON COLUMN fact.assumption_draw.draw IS 'the joint draw, from 0';
COMMENT ON COLUMN fact.assumption_draw.assumption IS 'order of the assumption';
COMMENT ON COLUMN fact.assumption_draw.place IS 'from the low end of its range, 0, to the high one, 1; uniform and independent';
COMMENT ON COLUMN fact.assumption_draw.value IS 'the value there, in the unit that the key ends with';

CREATE TABLE fact.draw_value (
    comparison VARCHAR NOT NULL,
    draw INTEGER NOT NULL,
    position INTEGER NOT NULL,
    replicate INTEGER NOT NULL,
    quantity VARCHAR NOT NULL,
    value DOUBLE,
    most DOUBLE
);
COMMENT ON TABLE fact.draw_value IS 'a quantity of a run that was not kept, in a joint draw of assumptions';
COMMENT ON COLUMN fact.draw_value.comparison IS 'id of the comparison';
COMMENT ON COLUMN fact.draw_value.draw IS 'the joint draw';
COMMENT ON COLUMN fact.draw_value.position IS 'the control model: 0 the baseline, 1 the other';
COMMENT ON COLUMN fact.draw_value.replicate IS 'replicate, from 0; its draws of chance are shared by both control models, and by no other joint draw';
COMMENT ON COLUMN fact.draw_value.quantity IS 'key of a column of the comparison';
COMMENT ON COLUMN fact.draw_value.value IS 'what the replicate adds to the quantity over all replicates, as in assumption_value';
COMMENT ON COLUMN fact.draw_value.most IS 'the same at most: equal where the value is known, infinite where no limit is';

CREATE TABLE fact.turning (
    comparison VARCHAR NOT NULL,
    assumption INTEGER NOT NULL,
    quantity VARCHAR NOT NULL,
    ending VARCHAR NOT NULL,
    kept VARCHAR NOT NULL,
    lost VARCHAR NOT NULL,
    mean_kept VARCHAR,
    mean_lost VARCHAR
);
COMMENT ON TABLE fact.turning IS 'where a difference loses its sign on the way from what is said to an end of an assumption, alone';
COMMENT ON COLUMN fact.turning.comparison IS 'id of the comparison';
COMMENT ON COLUMN fact.turning.assumption IS 'order of the assumption';
COMMENT ON COLUMN fact.turning.quantity IS 'key of a column of the comparison';
COMMENT ON COLUMN fact.turning.ending IS 'low or high';
COMMENT ON COLUMN fact.turning.kept IS 'the value nearest to that end at which the sign was seen to be settled as where all is as said';
COMMENT ON COLUMN fact.turning.lost IS 'the value next to it, by halving, at which it was not';
COMMENT ON COLUMN fact.turning.mean_kept IS 'the same of the sign of the mean, settled or not; NULL where that is the same at the end';
COMMENT ON COLUMN fact.turning.mean_lost IS 'the value next to that, at which the mean has the other sign';

CREATE TABLE fact.policy (
    run INTEGER NOT NULL,
    id BIGINT NOT NULL,
    hash VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    valid_from TIMESTAMP NOT NULL
);
COMMENT ON TABLE fact.policy IS 'a policy that was in force in a run';
COMMENT ON COLUMN fact.policy.run IS 'key of the run';
COMMENT ON COLUMN fact.policy.id IS 'the first 63 bits of the hash; what events name';
COMMENT ON COLUMN fact.policy.hash IS 'hash of what it says: comments and layout do not matter (BLAKE2, hexadecimal)';
COMMENT ON COLUMN fact.policy.name IS 'file stem';
COMMENT ON COLUMN fact.policy.text IS 'the policy itself, in Cedar';
COMMENT ON COLUMN fact.policy.valid_from IS 'since when it is in force, UTC; until the next one is';

CREATE TABLE fact.consulted (
    run INTEGER NOT NULL,
    policy BIGINT NOT NULL,
    asked BIGINT NOT NULL,
    classes BIGINT NOT NULL
);
COMMENT ON TABLE fact.consulted IS 'how often a policy was asked in a run';
COMMENT ON COLUMN fact.consulted.run IS 'key of the run';
COMMENT ON COLUMN fact.consulted.policy IS 'id of the policy';
COMMENT ON COLUMN fact.consulted.asked IS 'questions put to it; several may be needed for one decision';
COMMENT ON COLUMN fact.consulted.classes IS 'distinct questions among them, as far as the policy can tell them apart';

CREATE TABLE fact.platform (
    run INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    shortest DOUBLE NOT NULL,
    longest DOUBLE NOT NULL,
    longest_cut DOUBLE NOT NULL,
    lifetime_source VARCHAR NOT NULL,
    per_second DOUBLE,
    per_second_source VARCHAR NOT NULL
);
COMMENT ON TABLE fact.platform IS 'what a platform of the catalogue gives: published terms of a product, no fact of a log. A platform without a row has terms that nobody told';
COMMENT ON COLUMN fact.platform.run IS 'key of the run';
COMMENT ON COLUMN fact.platform.name IS 'as the catalogue names it';
COMMENT ON COLUMN fact.platform.title IS 'the product';
COMMENT ON COLUMN fact.platform.shortest IS 'seconds that a credential lives at least, whoever asks for less; infinite where there are only keys that never end';
COMMENT ON COLUMN fact.platform.longest IS 'seconds that a credential lives at most, whoever asks for more; infinite for no limit';
COMMENT ON COLUMN fact.platform.longest_cut IS 'the same of a credential that is cut from another';
COMMENT ON COLUMN fact.platform.lifetime_source IS 'where that is said, and what of it is assumed';
COMMENT ON COLUMN fact.platform.per_second IS 'credentials issued per second at most; NULL where no number is published';
COMMENT ON COLUMN fact.platform.per_second_source IS 'where that is said, and what of it is assumed';

CREATE TABLE fact.principal (
    workload INTEGER NOT NULL,
    id BIGINT NOT NULL,
    kind principal_kind NOT NULL,
    name VARCHAR NOT NULL,
    fleet VARCHAR,
    active_from TIMESTAMP,
    active_to TIMESTAMP
);
COMMENT ON TABLE fact.principal IS 'whoever can act, own or decide';
COMMENT ON COLUMN fact.principal.workload IS 'key of the workload';
COMMENT ON COLUMN fact.principal.id IS 'kind | ordinal, see ids.py; a surrogate in an ingest';
COMMENT ON COLUMN fact.principal.kind IS 'human, team, agent, agent_instance, service, role, group or shared_account';
COMMENT ON COLUMN fact.principal.name IS 'SPIFFE id, ARN, user principal name or display name, as the source gives it';
COMMENT ON COLUMN fact.principal.fleet IS 'fleet or department it belongs to';
COMMENT ON COLUMN fact.principal.active_from IS 'UTC, when it came into being; NULL unknown';
COMMENT ON COLUMN fact.principal.active_to IS 'UTC, when it left; infinity: has not; NULL unknown';

CREATE TABLE fact.ownership (
    workload INTEGER NOT NULL,
    owned BIGINT NOT NULL,
    owner BIGINT NOT NULL,
    role VARCHAR NOT NULL CHECK (role IN ('owner', 'escalation')),
    valid_from TIMESTAMP,
    valid_to TIMESTAMP,
    acknowledged BOOLEAN
);
COMMENT ON TABLE fact.ownership IS 'who answers for a principal, from-to, whatever is done about it; a person until leaving';
COMMENT ON COLUMN fact.ownership.workload IS 'key of the workload';
COMMENT ON COLUMN fact.ownership.owned IS 'principal answered for';
COMMENT ON COLUMN fact.ownership.owner IS 'human or team that answers';
COMMENT ON COLUMN fact.ownership.role IS 'owner, or whom to call when the owner does not answer';
COMMENT ON COLUMN fact.ownership.valid_from IS 'UTC, NULL unknown';
COMMENT ON COLUMN fact.ownership.valid_to IS 'UTC, infinity: still; NULL unknown';
COMMENT ON COLUMN fact.ownership.acknowledged IS 'whether whoever answers knows it: of a team, anybody in it; NULL unknown';

CREATE TABLE fact.reowned (
    run INTEGER NOT NULL,
    owned BIGINT NOT NULL,
    owner BIGINT NOT NULL,
    valid_from TIMESTAMP NOT NULL,
    valid_to TIMESTAMP NOT NULL
);
COMMENT ON TABLE fact.reowned IS 'who took on a principal that had lost its owner, from-to: governance does, so it is a run''s';
COMMENT ON COLUMN fact.reowned.run IS 'key of the run';
COMMENT ON COLUMN fact.reowned.owned IS 'principal answered for';
COMMENT ON COLUMN fact.reowned.owner IS 'human who answers';
COMMENT ON COLUMN fact.reowned.valid_from IS 'UTC';
COMMENT ON COLUMN fact.reowned.valid_to IS 'UTC, infinity: still';

CREATE TABLE fact.reach (
    run INTEGER NOT NULL,
    principal BIGINT,
    asked asked_through NOT NULL,
    valid_from TIMESTAMP,
    valid_to TIMESTAMP
);
COMMENT ON TABLE fact.reach IS 'truth only: when the entry of an owner, a second person or somebody on call leads to a human who is there, hours of work aside';
COMMENT ON COLUMN fact.reach.run IS 'key of the run';
COMMENT ON COLUMN fact.reach.principal IS 'agent that it is entered for, NULL for every agent';
COMMENT ON COLUMN fact.reach.asked IS 'as what: owner, second or on_call';
COMMENT ON COLUMN fact.reach.valid_from IS 'UTC; NULL where nobody knows whether there is anybody';
COMMENT ON COLUMN fact.reach.valid_to IS 'UTC, at the run''s end the latest; NULL where nobody knows';

CREATE TABLE fact.shadow (
    run INTEGER NOT NULL,
    principal BIGINT NOT NULL
);
COMMENT ON TABLE fact.shadow IS 'truth only: a principal that the inventory does not list, which no process reaches';
COMMENT ON COLUMN fact.shadow.run IS 'key of the run';
COMMENT ON COLUMN fact.shadow.principal IS 'who is not listed';

CREATE TABLE fact.membership (
    workload INTEGER NOT NULL,
    member BIGINT NOT NULL,
    container BIGINT NOT NULL,
    valid_from TIMESTAMP,
    valid_to TIMESTAMP
);
COMMENT ON TABLE fact.membership IS 'who belongs to a team, group or role, from-to';
COMMENT ON COLUMN fact.membership.workload IS 'key of the workload';
COMMENT ON COLUMN fact.membership.member IS 'principal that belongs';
COMMENT ON COLUMN fact.membership.container IS 'team, group or role';
COMMENT ON COLUMN fact.membership.valid_from IS 'UTC, NULL unknown';
COMMENT ON COLUMN fact.membership.valid_to IS 'UTC, infinity: still; NULL unknown';

CREATE TABLE fact.resource (
    workload INTEGER NOT NULL,
    id BIGINT NOT NULL,
    name VARCHAR NOT NULL,
    resource_group VARCHAR NOT NULL,
    system VARCHAR NOT NULL,
    class VARCHAR,
    environment VARCHAR
);
COMMENT ON TABLE fact.resource IS 'something that can be touched';
COMMENT ON COLUMN fact.resource.workload IS 'key of the workload';
COMMENT ON COLUMN fact.resource.id IS 'group | ordinal, see ids.py; a surrogate in an ingest';
COMMENT ON COLUMN fact.resource.name IS 'ARN, path or name, as the source gives it';
COMMENT ON COLUMN fact.resource.resource_group IS 'the group that atoms are made of';
COMMENT ON COLUMN fact.resource.system IS 'system or service it lives in';
COMMENT ON COLUMN fact.resource.class IS 'data class, where known';
COMMENT ON COLUMN fact.resource.environment IS 'production, staging, ..., where known';

CREATE TABLE fact.catalogue (
    workload INTEGER NOT NULL,
    atom INTEGER NOT NULL,
    level access_level NOT NULL,
    resource_group VARCHAR NOT NULL,
    system VARCHAR NOT NULL,
    verifier INTEGER NOT NULL,
    verifier_name VARCHAR NOT NULL,
    platform VARCHAR,
    tier INTEGER NOT NULL,
    reversible BOOLEAN,
    resources BIGINT NOT NULL,
    by_choice BOOLEAN NOT NULL DEFAULT false
);
COMMENT ON TABLE fact.catalogue IS 'the pinned list of atoms (access level x resource group)';
COMMENT ON COLUMN fact.catalogue.workload IS 'key of the workload';
COMMENT ON COLUMN fact.catalogue.atom IS 'number of the atom in this catalogue';
COMMENT ON COLUMN fact.catalogue.level IS 'list, read, tagging, write or permissions';
COMMENT ON COLUMN fact.catalogue.resource_group IS 'group of resources';
COMMENT ON COLUMN fact.catalogue.system IS 'system the group lives in';
COMMENT ON COLUMN fact.catalogue.verifier IS 'number of the verifier that accepts or refuses credentials for this system';
COMMENT ON COLUMN fact.catalogue.verifier_name IS 'its name';
COMMENT ON COLUMN fact.catalogue.platform IS 'name of the platform whose credentials it takes; any: gives whatever is asked for; NULL unknown';
COMMENT ON COLUMN fact.catalogue.tier IS 'sensitivity tier of the group, 1 to 3; 3 holds crown jewels';
COMMENT ON COLUMN fact.catalogue.reversible IS 'whether what is done with it can be undone; NULL unknown';
COMMENT ON COLUMN fact.catalogue.resources IS 'resources in the group, count';
COMMENT ON COLUMN fact.catalogue.by_choice IS 'whether the log keeps some of the calls that need it only where somebody chose so';

CREATE TABLE fact.weight (
    workload INTEGER NOT NULL,
    atom INTEGER NOT NULL,
    sensitivity INTEGER NOT NULL,
    privilege INTEGER NOT NULL,
    weight BIGINT NOT NULL
);
COMMENT ON TABLE fact.weight IS 'declared weight of an atom; integers, so that sums are exact in any order';
COMMENT ON COLUMN fact.weight.workload IS 'key of the workload';
COMMENT ON COLUMN fact.weight.atom IS 'number of the atom';
COMMENT ON COLUMN fact.weight.sensitivity IS 'of the resource group, thousandths';
COMMENT ON COLUMN fact.weight.privilege IS 'of the access level, thousandths';
COMMENT ON COLUMN fact.weight.weight IS 'sensitivity x privilege, millionths';

CREATE TABLE fact.scope_set (
    run INTEGER NOT NULL,
    id BIGINT NOT NULL,
    basis VARCHAR NOT NULL CHECK (basis IN ('granted', 'declared', 'observed')),
    atoms INTEGER NOT NULL
);
COMMENT ON TABLE fact.scope_set IS 'a set of atoms, stored once by content';
COMMENT ON COLUMN fact.scope_set.run IS 'key of the run';
COMMENT ON COLUMN fact.scope_set.id IS 'hash of the sorted atoms; a surrogate in an ingest';
COMMENT ON COLUMN fact.scope_set.basis IS 'granted by the issuer, declared by the holder, or only seen in use';
COMMENT ON COLUMN fact.scope_set.atoms IS 'atoms in the set, count';

CREATE TABLE fact.scope_set_atom (
    run INTEGER NOT NULL,
    scope_set BIGINT NOT NULL,
    atom INTEGER NOT NULL,
    effect VARCHAR NOT NULL CHECK (effect IN ('allow', 'deny')),
    conditional BOOLEAN NOT NULL
);
COMMENT ON TABLE fact.scope_set_atom IS 'what a scope set holds';
COMMENT ON COLUMN fact.scope_set_atom.run IS 'key of the run';
COMMENT ON COLUMN fact.scope_set_atom.scope_set IS 'id of the set';
COMMENT ON COLUMN fact.scope_set_atom.atom IS 'number of the atom in the catalogue';
COMMENT ON COLUMN fact.scope_set_atom.effect IS 'allow or deny; a deny wins';
COMMENT ON COLUMN fact.scope_set_atom.conditional IS 'true where a condition was not evaluated: the atom is held at most';

CREATE TABLE fact.assignment (
    run INTEGER NOT NULL,
    principal BIGINT NOT NULL,
    role BIGINT,
    scope_set BIGINT,
    state assignment_state NOT NULL,
    valid_from TIMESTAMP,
    valid_to TIMESTAMP
);
COMMENT ON TABLE fact.assignment IS 'what a principal has been given to activate or use, from-to';
COMMENT ON COLUMN fact.assignment.run IS 'key of the run';
COMMENT ON COLUMN fact.assignment.principal IS 'who was given it';
COMMENT ON COLUMN fact.assignment.role IS 'role or group given, NULL where the scope set is given directly';
COMMENT ON COLUMN fact.assignment.scope_set IS 'what it allows';
COMMENT ON COLUMN fact.assignment.state IS 'in force, or activated by its holder on demand';
COMMENT ON COLUMN fact.assignment.valid_from IS 'UTC, NULL unknown';
COMMENT ON COLUMN fact.assignment.valid_to IS 'UTC, infinity: never ends; NULL unknown';

CREATE TABLE fact.trust (
    run INTEGER NOT NULL,
    principal BIGINT NOT NULL,
    issuer BIGINT NOT NULL,
    task BIGINT,
    scope_set BIGINT NOT NULL,
    gate trust_gate NOT NULL,
    permit_under_attack INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    permit_in_tries INTEGER NOT NULL,
    bootstrap bootstrap_kind,
    valid_from TIMESTAMP NOT NULL,
    valid_to TIMESTAMP NOT NULL
);
COMMENT ON TABLE fact.trust IS 'who may assume, impersonate or mint what, from-to';
COMMENT ON COLUMN fact.trust.run IS 'key of the run';
COMMENT ON COLUMN fact.trust.principal IS 'who may';
COMMENT ON COLUMN fact.trust.issuer IS 'service that grants it, or person or team that may take it in an emergency';
COMMENT ON COLUMN fact.trust.task IS 'task that must be under way, NULL for none';
COMMENT ON COLUMN fact.trust.scope_set IS 'what can be minted';
COMMENT ON COLUMN fact.trust.gate IS 'what stands in between: none, rule, classifier or an inspecting human; issuer: nobody gets it by asking, and only whoever is the issuer has it made (a static key, what policy forbids)';
COMMENT ON COLUMN fact.trust.permit_under_attack IS 'chance of a permit for an adversarial request, thousandths';
COMMENT ON COLUMN fact.trust.tries IS 'how often an attacker asks for one thing: as often as whoever hijacks an agent makes attempts';
COMMENT ON COLUMN fact.trust.permit_in_tries IS 'chance that one of so many requests for the same is permitted, thousandths';
COMMENT ON COLUMN fact.trust.bootstrap IS 'what proves to the issuer who asks: none (whoever reaches it from the agent''s process), static_secret (lies on the host, works from anywhere), attested (proven anew by the platform); NULL unknown';
COMMENT ON COLUMN fact.trust.valid_from IS 'UTC';
COMMENT ON COLUMN fact.trust.valid_to IS 'UTC, infinity: never ends';

CREATE TABLE fact.credential (
    run INTEGER NOT NULL,
    id BIGINT NOT NULL,
    kind credential_kind NOT NULL,
    issuer BIGINT,
    holder BIGINT,
    task BIGINT,
    scope_set BIGINT,
    resolved resolution NOT NULL,
    binding credential_binding NOT NULL,
    enforced BOOLEAN,
    from_lo TIMESTAMP,
    from_hi TIMESTAMP,
    to_lo TIMESTAMP,
    to_hi TIMESTAMP,
    basis validity_basis NOT NULL
);
COMMENT ON TABLE fact.credential IS 'one credential; of an ingest, those that a snapshot lists';
COMMENT ON COLUMN fact.credential.run IS 'key of the run';
COMMENT ON COLUMN fact.credential.id IS 'unit | what it is issued for | count, see ids.py; a surrogate in an ingest';
COMMENT ON COLUMN fact.credential.kind IS 'static_key, session_token, task_token, action_token, access_key or unknown';
COMMENT ON COLUMN fact.credential.issuer IS 'principal that issued it, NULL unknown';
COMMENT ON COLUMN fact.credential.holder IS 'principal it was issued to: its subject and its possessor; others are in credential_party';
COMMENT ON COLUMN fact.credential.task IS 'task it was issued for, NULL where for none or unknown';
COMMENT ON COLUMN fact.credential.scope_set IS 'what was baked in at issue; where authority is looked up, the most that it is good for; NULL unknown';
COMMENT ON COLUMN fact.credential.resolved IS 'baked at issue; looked_up at use: what the assignments of its holder say then; both: what either says alone is refused; unknown';
COMMENT ON COLUMN fact.credential.binding IS 'bearer, audience, key_exportable, key_bound, context_bound or unknown';
COMMENT ON COLUMN fact.credential.enforced IS 'whether verifiers enforce the binding, NULL unknown';
COMMENT ON COLUMN fact.credential.from_lo IS 'UTC, earliest start of validity; NULL unknown';
COMMENT ON COLUMN fact.credential.from_hi IS 'UTC, latest start of validity: proven from here';
COMMENT ON COLUMN fact.credential.to_lo IS 'UTC, earliest end of validity: proven until here';
COMMENT ON COLUMN fact.credential.to_hi IS 'UTC, latest end of validity; infinity: never ends; NULL unknown';
COMMENT ON COLUMN fact.credential.basis IS 'what the end rests on: stated, simulated, seen_use or unknown';

CREATE TABLE fact.credential_party (
    run INTEGER NOT NULL,
    credential BIGINT NOT NULL,
    role VARCHAR NOT NULL CHECK (role IN ('subject', 'actor', 'possessor', 'client', 'audience')),
    principal BIGINT NOT NULL,
    valid_from TIMESTAMP,
    valid_to TIMESTAMP
);
COMMENT ON TABLE fact.credential_party IS 'parties of a credential besides its holder, from-to; several possessors make it shared';
COMMENT ON COLUMN fact.credential_party.run IS 'key of the run';
COMMENT ON COLUMN fact.credential_party.credential IS 'id of the credential';
COMMENT ON COLUMN fact.credential_party.role IS 'part it plays';
COMMENT ON COLUMN fact.credential_party.principal IS 'who plays it';
COMMENT ON COLUMN fact.credential_party.valid_from IS 'UTC, NULL unknown';
COMMENT ON COLUMN fact.credential_party.valid_to IS 'UTC, infinity: while the credential lives; NULL unknown';

CREATE TABLE fact.credential_edge (
    run INTEGER NOT NULL,
    child BIGINT NOT NULL,
    parent BIGINT NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN ('chained', 'subject', 'actor', 'refreshed', 'renewed', 'lease', 'bootstrap')),
    cascade cascade_rule
);
COMMENT ON TABLE fact.credential_edge IS 'how one credential came from another';
COMMENT ON COLUMN fact.credential_edge.run IS 'key of the run';
COMMENT ON COLUMN fact.credential_edge.child IS 'credential that came';
COMMENT ON COLUMN fact.credential_edge.parent IS 'credential it came from';
COMMENT ON COLUMN fact.credential_edge.kind IS 'how';
COMMENT ON COLUMN fact.credential_edge.cascade IS 'whether the child ends with the parent, NULL unknown';

CREATE TABLE fact.acceptance (
    run INTEGER NOT NULL,
    credential BIGINT NOT NULL,
    verifier INTEGER NOT NULL,
    until_lo TIMESTAMP NOT NULL,
    until_hi TIMESTAMP NOT NULL,
    reason end_reason NOT NULL
);
COMMENT ON TABLE fact.acceptance IS 'until when one verifier accepts one credential, where that differs from its validity';
COMMENT ON COLUMN fact.acceptance.run IS 'key of the run';
COMMENT ON COLUMN fact.acceptance.credential IS 'id of the credential';
COMMENT ON COLUMN fact.acceptance.verifier IS 'number of the verifier in the catalogue';
COMMENT ON COLUMN fact.acceptance.until_lo IS 'UTC, earliest instant from which it is refused';
COMMENT ON COLUMN fact.acceptance.until_hi IS 'UTC, latest instant from which it is refused';
COMMENT ON COLUMN fact.acceptance.reason IS 'why it ended: task_end, action_end, offboarding, incident, renewal or deleted';

CREATE TABLE fact.task (
    workload INTEGER NOT NULL,
    id BIGINT NOT NULL,
    root BIGINT NOT NULL,
    parent BIGINT,
    agent BIGINT NOT NULL,
    intent VARCHAR,
    arrival TIMESTAMP,
    spawned_after INTEGER,
    detached BOOLEAN,
    scope_set BIGINT
);
COMMENT ON TABLE fact.task IS 'a unit of purpose, in a tree';
COMMENT ON COLUMN fact.task.workload IS 'key of the workload';
COMMENT ON COLUMN fact.task.id IS 'agent | root | node, see ids.py; a surrogate in an ingest';
COMMENT ON COLUMN fact.task.root IS 'root task of its tree';
COMMENT ON COLUMN fact.task.parent IS 'task that spawned it, NULL for a root';
COMMENT ON COLUMN fact.task.agent IS 'principal that is to do it';
COMMENT ON COLUMN fact.task.intent IS 'declared purpose';
COMMENT ON COLUMN fact.task.arrival IS 'UTC, when the work arrived; NULL for a spawned task';
COMMENT ON COLUMN fact.task.spawned_after IS 'actions of the parent that come first, count; NULL for a root';
COMMENT ON COLUMN fact.task.detached IS 'whether the task that spawned it does not wait for it; NULL unknown';
COMMENT ON COLUMN fact.task.scope_set IS 'declared needs, NULL where nothing is declared';

CREATE TABLE fact.action (
    workload INTEGER NOT NULL,
    id BIGINT NOT NULL,
    task BIGINT NOT NULL,
    tool VARCHAR NOT NULL,
    atom INTEGER NOT NULL,
    resource BIGINT,
    think BIGINT NOT NULL,
    duration BIGINT NOT NULL,
    args BIGINT NOT NULL,
    reason action_reason NOT NULL
);
COMMENT ON TABLE fact.action IS 'an intended action and what it needs';
COMMENT ON COLUMN fact.action.workload IS 'key of the workload';
COMMENT ON COLUMN fact.action.id IS 'task | ordinal, see ids.py';
COMMENT ON COLUMN fact.action.task IS 'task it belongs to';
COMMENT ON COLUMN fact.action.tool IS 'tool called';
COMMENT ON COLUMN fact.action.atom IS 'number of the atom it needs';
COMMENT ON COLUMN fact.action.resource IS 'resource it touches';
COMMENT ON COLUMN fact.action.think IS 'microseconds of thought before it is requested';
COMMENT ON COLUMN fact.action.duration IS 'microseconds it takes once it starts';
COMMENT ON COLUMN fact.action.args IS 'hash of its arguments';
COMMENT ON COLUMN fact.action.reason IS 'planned, discovered, drift or injected';

CREATE TABLE fact.task_outcome (
    run INTEGER NOT NULL,
    task BIGINT NOT NULL,
    agent BIGINT,
    parent BIGINT,
    started TIMESTAMP NOT NULL,
    ended TIMESTAMP,
    outcome task_outcome_kind NOT NULL
);
COMMENT ON TABLE fact.task_outcome IS 'what became of a task in one run';
COMMENT ON COLUMN fact.task_outcome.run IS 'key of the run';
COMMENT ON COLUMN fact.task_outcome.task IS 'id of the task';
COMMENT ON COLUMN fact.task_outcome.agent IS 'principal that did it';
COMMENT ON COLUMN fact.task_outcome.parent IS 'task that spawned it, NULL for a root';
COMMENT ON COLUMN fact.task_outcome.started IS 'UTC';
COMMENT ON COLUMN fact.task_outcome.ended IS 'UTC, NULL while under way at the end of the run';
COMMENT ON COLUMN fact.task_outcome.outcome IS 'completed, broken (a legitimate action of it or of a sub-task was refused and the agent gave up) or open';

CREATE TABLE fact.place (
    workload INTEGER NOT NULL,
    id BIGINT NOT NULL,
    kind place_kind NOT NULL,
    name VARCHAR NOT NULL,
    principal BIGINT
);
COMMENT ON TABLE fact.place IS 'where credentials lie';
COMMENT ON COLUMN fact.place.workload IS 'key of the workload';
COMMENT ON COLUMN fact.place.id IS 'kind | agent, see ids.py';
COMMENT ON COLUMN fact.place.kind IS 'what it is';
COMMENT ON COLUMN fact.place.name IS 'its name';
COMMENT ON COLUMN fact.place.principal IS 'whose it is, NULL for nobody''s';

CREATE TABLE fact.log_profile (
    name VARCHAR NOT NULL PRIMARY KEY,
    title VARCHAR NOT NULL,
    kinds event_kind[] NOT NULL,
    keeps_task BOOLEAN NOT NULL,
    keeps_action BOOLEAN NOT NULL,
    keeps_credential BOOLEAN NOT NULL,
    keeps_expiry BOOLEAN NOT NULL,
    keeps_scope BOOLEAN NOT NULL,
    keeps_tool BOOLEAN NOT NULL,
    keeps_touch BOOLEAN NOT NULL,
    keeps_duration BOOLEAN NOT NULL,
    keeps_approval BOOLEAN NOT NULL,
    keeps_history BOOLEAN NOT NULL,
    keeps_queue BOOLEAN NOT NULL,
    revocations_complete BOOLEAN NOT NULL,
    dropped INTEGER NOT NULL,
    absent VARCHAR[] NOT NULL,
    skewed VARCHAR[] NOT NULL,
    skew BIGINT NOT NULL,
    whole BOOLEAN NOT NULL,
    every_use BOOLEAN NOT NULL,
    CHECK (NOT whole OR (dropped = 0 AND skew = 0 AND len(absent) = 0))
);
COMMENT ON TABLE fact.log_profile IS 'which fields and kinds of event a log keeps, and how it fails';
COMMENT ON COLUMN fact.log_profile.name IS 'name of the profile; of one that is derived from another, that name and what differs';
COMMENT ON COLUMN fact.log_profile.title IS 'what such a log is, in a line';
COMMENT ON COLUMN fact.log_profile.kinds IS 'kinds of event recorded';
COMMENT ON COLUMN fact.log_profile.keeps_task IS 'task and intent of each call, request and issue; where a task begins, spawns or ends, it is named in any case';
COMMENT ON COLUMN fact.log_profile.keeps_action IS 'id of the call, which ties requests to the use they led to, and when it was first ready';
COMMENT ON COLUMN fact.log_profile.keeps_credential IS 'credential used and credential issued';
COMMENT ON COLUMN fact.log_profile.keeps_expiry IS 'stated end of an issued credential';
COMMENT ON COLUMN fact.log_profile.keeps_scope IS 'scope set of an issued credential, and entitlement snapshots';
COMMENT ON COLUMN fact.log_profile.keeps_tool IS 'tool and hash of its arguments';
COMMENT ON COLUMN fact.log_profile.keeps_touch IS 'resource and atom touched';
COMMENT ON COLUMN fact.log_profile.keeps_duration IS 'completion of an action beside its start';
COMMENT ON COLUMN fact.log_profile.keeps_approval IS 'approval that a use rests on';
COMMENT ON COLUMN fact.log_profile.keeps_history IS 'events from before the run began';
COMMENT ON COLUMN fact.log_profile.keeps_queue IS 'root tasks as they arrived, begun or not';
COMMENT ON COLUMN fact.log_profile.revocations_complete IS 'a credential without a revocation was not revoked';
COMMENT ON COLUMN fact.log_profile.dropped IS 'events lost, of 65,536';
COMMENT ON COLUMN fact.log_profile.absent IS 'systems that hand in no log: what was used there is not in it';
COMMENT ON COLUMN fact.log_profile.skewed IS 'systems whose clock is wrong';
COMMENT ON COLUMN fact.log_profile.skew IS 'microseconds their clock is ahead; a reader knows that it may be off by so much, either way';
COMMENT ON COLUMN fact.log_profile.whole IS 'nothing that it keeps is lost and no clock is wrong; false also where nobody says so';
COMMENT ON COLUMN fact.log_profile.every_use IS 'calls of every kind are kept; false where some kinds are not, or only where somebody chose so, or where what is issued is used elsewhere';

CREATE TABLE fact.event (
    run INTEGER NOT NULL,
    id BIGINT NOT NULL,
    time TIMESTAMP NOT NULL,
    resolution BIGINT NOT NULL,
    meaning time_meaning NOT NULL,
    kind event_kind NOT NULL,
    principal BIGINT,
    target BIGINT,
    credential BIGINT,
    issued BIGINT,
    session BIGINT,
    task BIGINT,
    parent_task BIGINT,
    action BIGINT,
    operation VARCHAR,
    atom INTEGER,
    resource BIGINT,
    approval BIGINT,
    requested TIMESTAMP,
    duration BIGINT,
    scope_set BIGINT,
    credential_kind credential_kind,
    resolved resolution,
    binding credential_binding,
    enforced BOOLEAN,
    expires TIMESTAMP,
    presented_kind credential_kind,
    presented_from TIMESTAMP,
    presented_to TIMESTAMP,
    verifier INTEGER,
    args BIGINT,
    decision decision_result,
    reason event_reason,
    policy BIGINT,
    cached BOOLEAN,
    error VARCHAR,
    origin VARCHAR,
    user_agent VARCHAR,
    request_id VARCHAR,
    invoked_by VARCHAR,
    source_file INTEGER,
    ordinal BIGINT,
    draw USMALLINT,
    asked asked_through
);
COMMENT ON TABLE fact.event IS 'one audit event';
COMMENT ON COLUMN fact.event.run IS 'key of the run';
COMMENT ON COLUMN fact.event.id IS 'agent | count within that agent''s stream, see ids.py; a surrogate in an ingest';
COMMENT ON COLUMN fact.event.time IS 'UTC, in the meaning the source gives it';
COMMENT ON COLUMN fact.event.resolution IS 'microseconds the source''s clock can tell apart';
COMMENT ON COLUMN fact.event.meaning IS 'start, completion or received';
COMMENT ON COLUMN fact.event.kind IS 'one of a closed list';
COMMENT ON COLUMN fact.event.principal IS 'who is seen to act, NULL unknown';
COMMENT ON COLUMN fact.event.target IS 'principal acted upon: who was given, spawned or asked; of a request for approval the person or team, NULL where no certain one';
COMMENT ON COLUMN fact.event.credential IS 'credential presented';
COMMENT ON COLUMN fact.event.issued IS 'credential issued, renewed or revoked by this event';
COMMENT ON COLUMN fact.event.session IS 'login session, where the source names one';
COMMENT ON COLUMN fact.event.task IS 'task it belongs to';
COMMENT ON COLUMN fact.event.parent_task IS 'task that spawned this one, in a spawn or start';
COMMENT ON COLUMN fact.event.action IS 'call it belongs to';
COMMENT ON COLUMN fact.event.operation IS 'the source''s own name for what was done; NULL in simulation, where the action''s tool says it';
COMMENT ON COLUMN fact.event.atom IS 'atom needed; of a simulated call that of its action';
COMMENT ON COLUMN fact.event.resource IS 'resource touched; of a simulated call that of its action';
COMMENT ON COLUMN fact.event.approval IS 'decision of a human that this answers with, or that a use rests on';
COMMENT ON COLUMN fact.event.requested IS 'UTC, when the caller was ready to act, where the source tells it: a span that opens before its call is let through; of a revocation, when it was begun';
COMMENT ON COLUMN fact.event.duration IS 'microseconds from start to completion';
COMMENT ON COLUMN fact.event.scope_set IS 'authority of an issued credential';
COMMENT ON COLUMN fact.event.credential_kind IS 'kind of an issued credential';
COMMENT ON COLUMN fact.event.resolved IS 'when it is settled what the issued credential opens; where none is issued, what the one presented does';
COMMENT ON COLUMN fact.event.binding IS 'what binds the issued credential';
COMMENT ON COLUMN fact.event.enforced IS 'whether verifiers enforce that binding';
COMMENT ON COLUMN fact.event.expires IS 'UTC, stated end of an issued credential; infinity: never';
COMMENT ON COLUMN fact.event.presented_kind IS 'kind of the credential presented, where the source tells it with each use';
COMMENT ON COLUMN fact.event.presented_from IS 'UTC, when the credential presented was issued, where the source tells it with each use';
COMMENT ON COLUMN fact.event.presented_to IS 'UTC, latest end that a credential such as the one presented can have; infinity: never ends';
COMMENT ON COLUMN fact.event.verifier IS 'verifier that decided, or that stops accepting';
COMMENT ON COLUMN fact.event.args IS 'hash of the arguments, where not those of the action';
COMMENT ON COLUMN fact.event.decision IS 'allow or deny';
COMMENT ON COLUMN fact.event.reason IS 'why';
COMMENT ON COLUMN fact.event.policy IS 'the policy that decided, NULL where none did';
COMMENT ON COLUMN fact.event.cached IS 'whether a decision is an earlier answer used again, NULL for what is no decision';
COMMENT ON COLUMN fact.event.error IS 'error as the source gives it';
COMMENT ON COLUMN fact.event.origin IS 'address it came from';
COMMENT ON COLUMN fact.event.user_agent IS 'client software';
COMMENT ON COLUMN fact.event.request_id IS 'the source''s id of the request';
COMMENT ON COLUMN fact.event.invoked_by IS 'service that called on the principal''s behalf';
COMMENT ON COLUMN fact.event.source_file IS 'file it was read from, NULL in simulation';
COMMENT ON COLUMN fact.event.ordinal IS 'position in that file, from 0';
COMMENT ON COLUMN fact.event.draw IS '16-bit draw that decides which faulty logs lose it';
COMMENT ON COLUMN fact.event.asked IS 'through whom an approval is asked for';

CREATE TABLE fact.approval (
    run INTEGER NOT NULL,
    id BIGINT NOT NULL,
    decider BIGINT,
    kind VARCHAR NOT NULL CHECK (kind IN ('human', 'timeout')),
    action BIGINT NOT NULL,
    requested TIMESTAMP NOT NULL,
    began TIMESTAMP,
    decided TIMESTAMP,
    result decision_result,
    inspected BOOLEAN,
    args BIGINT,
    summary_author VARCHAR,
    asked asked_through
);
COMMENT ON TABLE fact.approval IS 'what a human answered who was asked to approve, that nobody did in time, or what somebody still looks at when the run ends';
COMMENT ON COLUMN fact.approval.run IS 'key of the run';
COMMENT ON COLUMN fact.approval.id IS 'action | person | attempt, see ids.py';
COMMENT ON COLUMN fact.approval.decider IS 'principal that decided, NULL for a timeout';
COMMENT ON COLUMN fact.approval.kind IS 'human, or a timeout';
COMMENT ON COLUMN fact.approval.action IS 'what was asked for';
COMMENT ON COLUMN fact.approval.requested IS 'UTC, when it was asked';
COMMENT ON COLUMN fact.approval.began IS 'UTC, when inspection began';
COMMENT ON COLUMN fact.approval.decided IS 'UTC, when the answer was there; NULL for one that is still looked at';
COMMENT ON COLUMN fact.approval.result IS 'allow or deny; NULL for one that is still looked at';
COMMENT ON COLUMN fact.approval.inspected IS 'truth only: whether somebody really looked at it; NULL unknown';
COMMENT ON COLUMN fact.approval.args IS 'hash of the arguments that were shown';
COMMENT ON COLUMN fact.approval.summary_author IS 'who wrote what the decider read: agent or platform; NULL unknown';
COMMENT ON COLUMN fact.approval.asked IS 'through whom it was asked last: the desk, whoever owns the agent, the second person named, the team, who is on call, a ticket; NULL unknown';

CREATE TABLE fact.approval_cover (
    run INTEGER NOT NULL,
    approval BIGINT NOT NULL,
    action BIGINT NOT NULL
);
COMMENT ON TABLE fact.approval_cover IS 'what an approval covers; many to many';
COMMENT ON COLUMN fact.approval_cover.run IS 'key of the run';
COMMENT ON COLUMN fact.approval_cover.approval IS 'id of the approval';
COMMENT ON COLUMN fact.approval_cover.action IS 'action covered';

CREATE TABLE fact.need (
    run INTEGER NOT NULL,
    action BIGINT NOT NULL,
    task BIGINT NOT NULL,
    principal BIGINT NOT NULL,
    atom INTEGER NOT NULL,
    requested TIMESTAMP NOT NULL,
    starts TIMESTAMP NOT NULL,
    ends TIMESTAMP NOT NULL,
    met BOOLEAN NOT NULL
);
COMMENT ON TABLE fact.need IS 'truth only: when an action needed its atom: as long as it takes, from when it really started';
COMMENT ON COLUMN fact.need.run IS 'key of the run';
COMMENT ON COLUMN fact.need.action IS 'id of the action';
COMMENT ON COLUMN fact.need.task IS 'task it belongs to';
COMMENT ON COLUMN fact.need.principal IS 'agent that needed it';
COMMENT ON COLUMN fact.need.atom IS 'number of the atom';
COMMENT ON COLUMN fact.need.requested IS 'UTC, when the agent was ready to act; until it starts it waits for control';
COMMENT ON COLUMN fact.need.starts IS 'UTC, when the action started; where it was refused or never reached, when it would have without control';
COMMENT ON COLUMN fact.need.ends IS 'UTC, start plus duration';
COMMENT ON COLUMN fact.need.met IS 'false where it was refused, given up, or not reached because of that';

CREATE TABLE fact.incident (
    run INTEGER NOT NULL,
    id BIGINT NOT NULL,
    threat threat NOT NULL,
    technique VARCHAR NOT NULL,
    place BIGINT NOT NULL,
    agent BIGINT NOT NULL,
    time TIMESTAMP NOT NULL,
    detected TIMESTAMP,
    contained TIMESTAMP,
    credentials INTEGER NOT NULL
);
COMMENT ON TABLE fact.incident IS 'truth only: one compromise';
COMMENT ON COLUMN fact.incident.run IS 'key of the run';
COMMENT ON COLUMN fact.incident.id IS 'number of the incident';
COMMENT ON COLUMN fact.incident.threat IS 't1a, t1b, t1c, t2, t3, t4 or t5';
COMMENT ON COLUMN fact.incident.technique IS 'MITRE ATLAS id';
COMMENT ON COLUMN fact.incident.place IS 'where it struck';
COMMENT ON COLUMN fact.incident.agent IS 'agent whose place or credential it was';
COMMENT ON COLUMN fact.incident.time IS 'UTC';
COMMENT ON COLUMN fact.incident.detected IS 'UTC, NULL: not within the run';
COMMENT ON COLUMN fact.incident.contained IS 'UTC, when the response acts; NULL: not within the run';
COMMENT ON COLUMN fact.incident.credentials IS 'live credentials taken, count';

CREATE TABLE fact.incident_step (
    run INTEGER NOT NULL,
    incident BIGINT NOT NULL,
    step INTEGER NOT NULL,
    event BIGINT NOT NULL,
    atom INTEGER NOT NULL,
    allowed BOOLEAN NOT NULL
);
COMMENT ON TABLE fact.incident_step IS 'truth only: what an attacker tried';
COMMENT ON COLUMN fact.incident_step.run IS 'key of the run';
COMMENT ON COLUMN fact.incident_step.incident IS 'id of the incident';
COMMENT ON COLUMN fact.incident_step.step IS 'count within the incident, from 0';
COMMENT ON COLUMN fact.incident_step.event IS 'event it left behind';
COMMENT ON COLUMN fact.incident_step.atom IS 'atom tried';
COMMENT ON COLUMN fact.incident_step.allowed IS 'whether it worked';

CREATE TABLE fact.true_actor (
    run INTEGER NOT NULL,
    event BIGINT NOT NULL,
    actor VARCHAR NOT NULL
);
COMMENT ON TABLE fact.true_actor IS 'truth only: events whose actor is not who the log says';
COMMENT ON COLUMN fact.true_actor.run IS 'key of the run';
COMMENT ON COLUMN fact.true_actor.event IS 'id of the event';
COMMENT ON COLUMN fact.true_actor.actor IS 'attacker, or the human who stood in';

CREATE TABLE fact.leak (
    run INTEGER NOT NULL,
    action BIGINT NOT NULL,
    credential BIGINT NOT NULL,
    place BIGINT NOT NULL,
    verifier INTEGER NOT NULL,
    time TIMESTAMP NOT NULL,
    found TIMESTAMP NOT NULL
);
COMMENT ON TABLE fact.leak IS 'truth only: a call left a copy of its credential behind, without the key; nobody approved of that';
COMMENT ON COLUMN fact.leak.run IS 'key of the run';
COMMENT ON COLUMN fact.leak.action IS 'call that left it';
COMMENT ON COLUMN fact.leak.credential IS 'credential copied';
COMMENT ON COLUMN fact.leak.place IS 'where the copy lies';
COMMENT ON COLUMN fact.leak.verifier IS 'verifier the call was sent to: an audience-restricted copy is accepted there alone';
COMMENT ON COLUMN fact.leak.time IS 'UTC, when it was copied';
COMMENT ON COLUMN fact.leak.found IS 'UTC, the first instant at which whoever reads that place may find it';

CREATE TABLE fact.demand (
    run INTEGER NOT NULL,
    task BIGINT NOT NULL,
    asked asked_through NOT NULL,
    approvals BIGINT NOT NULL
);
COMMENT ON TABLE fact.demand IS 'truth only: what the work of a root task that arrived asks of people, whether or not it gets so far';
COMMENT ON COLUMN fact.demand.run IS 'key of the run';
COMMENT ON COLUMN fact.demand.task IS 'root task';
COMMENT ON COLUMN fact.demand.asked IS 'through whom a request goes first';
COMMENT ON COLUMN fact.demand.approvals IS 'requests that it and its sub-agents make if nobody waits and everybody agrees, one for each person who must';

CREATE TABLE fact.source_file (
    run INTEGER NOT NULL,
    id INTEGER NOT NULL,
    path VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    source VARCHAR,
    bytes BIGINT NOT NULL,
    records BIGINT NOT NULL,
    kept BIGINT NOT NULL,
    merged BIGINT NOT NULL,
    repeated BIGINT NOT NULL,
    silent BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    events BIGINT NOT NULL
);
COMMENT ON TABLE fact.source_file IS 'a file that was ingested';
COMMENT ON COLUMN fact.source_file.run IS 'key of the run';
COMMENT ON COLUMN fact.source_file.id IS 'number within the run, in the order read';
COMMENT ON COLUMN fact.source_file.path IS 'path below the folder that was named';
COMMENT ON COLUMN fact.source_file.sha256 IS 'hash of its bytes';
COMMENT ON COLUMN fact.source_file.source IS 'name of the source that read it, NULL where none recognised it';
COMMENT ON COLUMN fact.source_file.bytes IS 'size as it lies, bytes';
COMMENT ON COLUMN fact.source_file.records IS 'records found, count';
COMMENT ON COLUMN fact.source_file.kept IS 'records kept, count';
COMMENT ON COLUMN fact.source_file.merged IS 'records that tell more of an event that another one is kept for, as a response does of its request, count';
COMMENT ON COLUMN fact.source_file.repeated IS 'records seen before, id and content, count';
COMMENT ON COLUMN fact.source_file.silent IS 'records that tell of nothing that anybody did, count';
COMMENT ON COLUMN fact.source_file.rejected IS 'records refused, count';
COMMENT ON COLUMN fact.source_file.events IS 'events that the records kept tell of, count';

CREATE TABLE fact.reject (
    run INTEGER NOT NULL,
    source_file INTEGER NOT NULL,
    ordinal BIGINT,
    reason VARCHAR NOT NULL
);
COMMENT ON TABLE fact.reject IS 'a record or file that was refused, and why';
COMMENT ON COLUMN fact.reject.run IS 'key of the run';
COMMENT ON COLUMN fact.reject.source_file IS 'file it stood in';
COMMENT ON COLUMN fact.reject.ordinal IS 'position in the file from 0, NULL for the whole file';
COMMENT ON COLUMN fact.reject.reason IS 'why, in words a reader can act on';

CREATE TABLE fact.natural_key (
    run INTEGER NOT NULL,
    entity VARCHAR NOT NULL CHECK (entity IN ('principal', 'credential', 'session', 'task', 'action', 'approval', 'resource', 'event')),
    id BIGINT NOT NULL,
    name VARCHAR NOT NULL
);
COMMENT ON TABLE fact.natural_key IS 'how a source names what carries a surrogate here';
COMMENT ON COLUMN fact.natural_key.run IS 'key of the run';
COMMENT ON COLUMN fact.natural_key.entity IS 'what is named';
COMMENT ON COLUMN fact.natural_key.id IS 'its surrogate';
COMMENT ON COLUMN fact.natural_key.name IS 'the source''s name for it';

CREATE TABLE ledger.credential (
    run INTEGER NOT NULL,
    profile VARCHAR NOT NULL,
    id BIGINT NOT NULL,
    kind credential_kind NOT NULL,
    issuer BIGINT,
    holder BIGINT,
    task BIGINT,
    scope_set BIGINT,
    resolved resolution NOT NULL,
    binding credential_binding NOT NULL,
    enforced BOOLEAN,
    from_lo TIMESTAMP,
    from_hi TIMESTAMP,
    to_lo TIMESTAMP,
    to_hi TIMESTAMP,
    basis validity_basis NOT NULL
);
COMMENT ON TABLE ledger.credential IS 'one credential, rebuilt from a log; of one that was issued again after its end the first time is proven, and all until the last end is possible';
COMMENT ON COLUMN ledger.credential.run IS 'key of the run';
COMMENT ON COLUMN ledger.credential.profile IS 'log profile it was rebuilt through';
COMMENT ON COLUMN ledger.credential.id IS 'unit | what it is issued for | count, see ids.py; a surrogate in an ingest';
COMMENT ON COLUMN ledger.credential.kind IS 'static_key, session_token, task_token, action_token, access_key or unknown';
COMMENT ON COLUMN ledger.credential.issuer IS 'principal that issued it, NULL unknown';
COMMENT ON COLUMN ledger.credential.holder IS 'principal it was issued to: its subject and its possessor, assumed to be who alone was seen to present it where nothing says so; NULL unknown';
COMMENT ON COLUMN ledger.credential.task IS 'task it was issued for, NULL where for none or unknown';
COMMENT ON COLUMN ledger.credential.scope_set IS 'what was baked in at issue; where authority is looked up, the most that it is good for; NULL unknown';
COMMENT ON COLUMN ledger.credential.resolved IS 'baked at issue, looked_up at use, both, or unknown';
COMMENT ON COLUMN ledger.credential.binding IS 'bearer, audience, key_exportable, key_bound, context_bound or unknown';
COMMENT ON COLUMN ledger.credential.enforced IS 'whether verifiers enforce the binding, NULL unknown';
COMMENT ON COLUMN ledger.credential.from_lo IS 'UTC, earliest start of validity; NULL unknown';
COMMENT ON COLUMN ledger.credential.from_hi IS 'UTC, latest start of validity: proven from here';
COMMENT ON COLUMN ledger.credential.to_lo IS 'UTC, earliest end of validity: proven until here';
COMMENT ON COLUMN ledger.credential.to_hi IS 'UTC, latest end of validity; infinity: never ends; NULL unknown';
COMMENT ON COLUMN ledger.credential.basis IS 'what the end rests on: stated, simulated, seen_use or unknown';

CREATE TABLE ledger.acceptance (
    run INTEGER NOT NULL,
    profile VARCHAR NOT NULL,
    credential BIGINT NOT NULL,
    verifier INTEGER NOT NULL,
    until_lo TIMESTAMP NOT NULL,
    until_hi TIMESTAMP NOT NULL,
    reason end_reason NOT NULL
);
COMMENT ON TABLE ledger.acceptance IS 'until when one verifier accepts one credential, where that differs from its validity, rebuilt from a log';
COMMENT ON COLUMN ledger.acceptance.run IS 'key of the run';
COMMENT ON COLUMN ledger.acceptance.profile IS 'log profile it was rebuilt through';
COMMENT ON COLUMN ledger.acceptance.credential IS 'id of the credential';
COMMENT ON COLUMN ledger.acceptance.verifier IS 'number of the verifier in the catalogue';
COMMENT ON COLUMN ledger.acceptance.until_lo IS 'UTC, earliest instant from which it is refused';
COMMENT ON COLUMN ledger.acceptance.until_hi IS 'UTC, latest instant from which it is refused';
COMMENT ON COLUMN ledger.acceptance.reason IS 'why it ended: task_end, action_end, offboarding, incident, renewal or deleted';

CREATE TABLE ledger.task_outcome (
    run INTEGER NOT NULL,
    profile VARCHAR NOT NULL,
    task BIGINT NOT NULL,
    agent BIGINT,
    parent BIGINT,
    started TIMESTAMP NOT NULL,
    ended TIMESTAMP,
    outcome task_outcome_kind NOT NULL
);
COMMENT ON TABLE ledger.task_outcome IS 'what became of a task in one run, rebuilt from a log';
COMMENT ON COLUMN ledger.task_outcome.run IS 'key of the run';
COMMENT ON COLUMN ledger.task_outcome.profile IS 'log profile it was rebuilt through';
COMMENT ON COLUMN ledger.task_outcome.task IS 'id of the task';
COMMENT ON COLUMN ledger.task_outcome.agent IS 'principal that did it';
COMMENT ON COLUMN ledger.task_outcome.parent IS 'task that spawned it, NULL for a root';
COMMENT ON COLUMN ledger.task_outcome.started IS 'UTC';
COMMENT ON COLUMN ledger.task_outcome.ended IS 'UTC, NULL while under way at the end of the run';
COMMENT ON COLUMN ledger.task_outcome.outcome IS 'completed, broken (a legitimate action of it or of a sub-task was refused and the agent gave up) or open';
