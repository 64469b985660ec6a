-- The registrar's own role: everything of its one schema, and no other database. Its password is set by the operator (docs/operator-guide).
DO $$ BEGIN
  CREATE ROLE registrar LOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- roles belong to the cluster, this database may be its second
END $$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA registrar TO registrar;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA registrar TO registrar;
REVOKE UPDATE, DELETE, TRUNCATE ON registrar.tombstones FROM registrar;
