-- The key holder's own role, and an audit log that only grows.
DO $$ BEGIN
  CREATE ROLE keyholder LOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- roles belong to the cluster, this database may be its second
END $$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA keyholder TO keyholder;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA keyholder TO keyholder;
REVOKE UPDATE, DELETE, TRUNCATE ON keyholder.audit_entries, keyholder.audit_checkpoints, keyholder.opened_tallies FROM keyholder;
REVOKE UPDATE, DELETE, TRUNCATE ON keyholder.people, keyholder.attesters, keyholder.approvals, keyholder.tombstones FROM keyholder;
REVOKE DELETE, TRUNCATE ON keyholder.requests, keyholder.key_epochs, keyholder.shadow_spending FROM keyholder;
REVOKE UPDATE, DELETE, TRUNCATE ON keyholder.shadow_reports FROM keyholder;

CREATE FUNCTION keyholder.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'append-only'; END $$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON keyholder.audit_entries
  FOR EACH STATEMENT EXECUTE FUNCTION keyholder.refuse_change();
CREATE TRIGGER checkpoints_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON keyholder.audit_checkpoints
  FOR EACH STATEMENT EXECUTE FUNCTION keyholder.refuse_change();
