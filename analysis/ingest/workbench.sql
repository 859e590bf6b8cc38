-- Where files lie once they are read, until all of them are and the run is written: a database beside the store, so that
-- whoever is interrupted goes on there. Names and words are as the source and schema.sql have them.

CREATE TABLE workbench.made (
    -- What decides what lies here: another of these, and all of it is read anew.
    way VARCHAR NOT NULL
);
CREATE TABLE workbench.file (
    number INTEGER NOT NULL,
    sha256 VARCHAR NOT NULL,
    -- The source that it was read as; NULL if none recognised it.
    source VARCHAR,
    size BIGINT NOT NULL,
    records BIGINT NOT NULL,
    silent BIGINT NOT NULL,
    repaired BIGINT NOT NULL,
    -- Whether it was not read, or not to its end: broken, or known by two sources.
    damaged BOOLEAN NOT NULL
);
CREATE TABLE workbench.page (
    -- Pages of lists that go on in another file (`more`), or end in this one; which list that is, as far as it is told.
    file INTEGER NOT NULL,
    more BOOLEAN NOT NULL,
    of_list VARCHAR NOT NULL
);
CREATE TABLE workbench.refused (
    file INTEGER NOT NULL,
    -- NULL: the file itself, or what of it is not a record.
    position BIGINT,
    reason VARCHAR NOT NULL
);
CREATE TABLE workbench.remark (
    -- What of a file was left out, though its records were kept.
    file INTEGER NOT NULL,
    text VARCHAR NOT NULL
);
CREATE TABLE workbench.observed (
    file INTEGER NOT NULL,
    position BIGINT NOT NULL,
    part INTEGER NOT NULL,
    digest_1 UBIGINT NOT NULL,
    digest_2 UBIGINT NOT NULL,
    -- How much others in the file tell of it, then a hash of that: of the same content, the one that is told most of counts.
    beside BIGINT,
    id VARCHAR NOT NULL,
    stage INTEGER,
    time TIMESTAMP NOT NULL,
    kind VARCHAR NOT NULL,
    operation VARCHAR,
    principal VARCHAR,
    principal_kind VARCHAR,
    principal_role VARCHAR,
    target VARCHAR,
    target_kind VARCHAR,
    target_role VARCHAR,
    credential VARCHAR,
    presented_kind VARCHAR,
    presented_from TIMESTAMP,
    presented_to TIMESTAMP,
    presented_parent VARCHAR,
    issued VARCHAR,
    credential_kind VARCHAR,
    expires TIMESTAMP,
    resolved VARCHAR,
    binding VARCHAR,
    enforced BOOLEAN,
    session VARCHAR,
    task VARCHAR,
    parent_task VARCHAR,
    action VARCHAR,
    approval VARCHAR,
    atom_group VARCHAR,
    atom_level VARCHAR,
    resource VARCHAR,
    resource_group VARCHAR,
    requested TIMESTAMP,
    duration BIGINT,
    args BIGINT,
    decision VARCHAR,
    reason VARCHAR,
    error VARCHAR,
    origin VARCHAR,
    user_agent VARCHAR,
    request_id VARCHAR,
    invoked_by VARCHAR,
    -- What the log itself declares its atom to be worth, and what it claims to keep.
    tier INTEGER,
    sensitivity INTEGER,
    privilege INTEGER,
    keeps VARCHAR
);
CREATE TABLE workbench.listed (
    -- What a snapshot lists, as listed.py has it. `policies` and `groups` are lists of names, as JSON.
    file INTEGER NOT NULL,
    what VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    latest TIMESTAMP,
    since TIMESTAMP,
    earliest TIMESTAMP,
    used TIMESTAMP,
    account VARCHAR,
    kind VARCHAR,
    says VARCHAR,
    policies VARCHAR NOT NULL,
    groups VARCHAR NOT NULL,
    within VARCHAR,
    holder VARCHAR,
    credential VARCHAR,
    certain BOOLEAN NOT NULL
);
