-- What identities of a snapshot hold, as of each instant: each a scope, of which many have the same, and which roles they may become.
CREATE OR REPLACE TEMP TABLE holding (name VARCHAR NOT NULL, seen_at TIMESTAMP NOT NULL, scope BIGINT NOT NULL);
CREATE OR REPLACE TEMP TABLE scope_atom (scope BIGINT NOT NULL, atom_group VARCHAR NOT NULL, atom_level VARCHAR NOT NULL, certain BOOLEAN NOT NULL);
CREATE OR REPLACE TEMP TABLE reached (name VARCHAR NOT NULL, other VARCHAR NOT NULL, seen_at TIMESTAMP NOT NULL, certain BOOLEAN NOT NULL);
