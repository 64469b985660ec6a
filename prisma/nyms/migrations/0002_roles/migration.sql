-- Who may touch what on the pseudonym side (architecture.md, "Processes"). What an owner lets others read is a view.
DO $$ BEGIN
  CREATE ROLE nyms LOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- roles belong to the cluster, this database may be its second
END $$;
DO $$ BEGIN
  CREATE ROLE correlator LOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- roles belong to the cluster, this database may be its second
END $$;
DO $$ BEGIN
  CREATE ROLE witness LOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- roles belong to the cluster, this database may be its second
END $$;
DO $$ BEGIN
  CREATE ROLE queue LOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- roles belong to the cluster, this database may be its second
END $$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;

-- Ciphertexts do not compress: keep them out of line as they are.
ALTER TABLE pseudonyms.selectors ALTER COLUMN bytes SET STORAGE EXTERNAL;
ALTER TABLE tallies.leaves ALTER COLUMN ciphertext SET STORAGE EXTERNAL;

-- What tallies are folded from: each selector with the opening of its subject. Which one is the newest depends on an epoch's closing day.
CREATE VIEW pseudonyms.stored_selectors WITH (security_barrier) AS
  SELECT s.uri, p.salt, p.spki, p.subject, s.selector_id, s.key_epoch, s.cohort, s.period, s.expiry_day, s.bytes, s.signature
  FROM pseudonyms.selectors s JOIN pseudonyms.pseudonyms p USING (uri);

CREATE VIEW signals.stored_sets AS
  SELECT id, hub, jti, uri, event_type, names, token, set_hash, jwk, state, received_day FROM signals.sets;
CREATE VIEW signals.stored_decisions AS
  SELECT statement_id, hub, jti, body, signature, decision_hash FROM signals.decisions;

GRANT USAGE ON SCHEMA pseudonyms, signals TO nyms;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA pseudonyms, signals TO nyms;
REVOKE ALL ON pseudonyms.stored_selectors, signals.stored_sets, signals.stored_decisions FROM nyms;
-- retention needs to know which signals have left the window
GRANT USAGE ON SCHEMA tallies TO nyms;
GRANT SELECT ON tallies.manifests, tallies.manifest_entries TO nyms;

GRANT USAGE ON SCHEMA pseudonyms, signals, tallies TO correlator;
GRANT SELECT ON pseudonyms.stored_selectors, signals.stored_sets, signals.stored_decisions TO correlator;
GRANT SELECT, INSERT, UPDATE, DELETE ON tallies.manifests, tallies.manifest_entries, tallies.trees, tallies.leaves TO correlator;
GRANT SELECT ON tallies.objections, tallies.attestations TO correlator;
-- weighing: the state of a SET and nothing else of it
GRANT SELECT (id, state), UPDATE (state) ON signals.sets TO correlator;

GRANT USAGE ON SCHEMA pseudonyms, signals, tallies, witness TO witness;
GRANT SELECT ON pseudonyms.stored_selectors, signals.stored_sets, signals.stored_decisions TO witness;
GRANT SELECT ON ALL TABLES IN SCHEMA tallies TO witness;
GRANT INSERT ON tallies.objections, tallies.attestations TO witness;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA witness TO witness;

-- BullMQ makes its own tables.
CREATE SCHEMA IF NOT EXISTS bullmq AUTHORIZATION queue;
