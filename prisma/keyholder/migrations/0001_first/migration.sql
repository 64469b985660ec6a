-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "keyholder";

-- CreateEnum
CREATE TYPE "keyholder"."standing_kind" AS ENUM ('full', 'blind');

-- CreateTable
CREATE TABLE "keyholder"."decided_trees" (
    "epoch" INTEGER NOT NULL,
    "side" TEXT NOT NULL,
    "root" BYTEA NOT NULL,
    "outcome" TEXT NOT NULL,
    "policy_version" INTEGER NOT NULL,

    CONSTRAINT "decided_trees_pkey" PRIMARY KEY ("epoch","side")
);

-- CreateTable
CREATE TABLE "keyholder"."opened_tallies" (
    "epoch" INTEGER NOT NULL,
    "side" TEXT NOT NULL,
    "cohort" INTEGER NOT NULL,
    "hub" TEXT NOT NULL,
    "digest" BYTEA NOT NULL,

    CONSTRAINT "opened_tallies_pkey" PRIMARY KEY ("epoch","side","cohort","hub")
);

-- CreateTable
CREATE TABLE "keyholder"."state" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "frozen" BOOLEAN NOT NULL DEFAULT false,
    "policy_version" INTEGER NOT NULL DEFAULT 0,
    "key_holder_id" TEXT NOT NULL,
    "swept_hour" INTEGER NOT NULL DEFAULT 0,
    "generation" INTEGER NOT NULL DEFAULT 0,
    "generation_id" BYTEA,
    "generation_day" INTEGER NOT NULL DEFAULT 0,
    "unnamed" BOOLEAN NOT NULL DEFAULT false,
    "decided_floor" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "state_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "keyholder"."audit_entries" (
    "generation" INTEGER NOT NULL,
    "sequence" INTEGER NOT NULL,
    "leaf" BYTEA NOT NULL,
    "announces" BOOLEAN NOT NULL DEFAULT false,
    "closes" INTEGER,

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("generation","sequence")
);

-- CreateTable
CREATE TABLE "keyholder"."audit_checkpoints" (
    "generation" INTEGER NOT NULL,
    "size" INTEGER NOT NULL,
    "note" TEXT NOT NULL,

    CONSTRAINT "audit_checkpoints_pkey" PRIMARY KEY ("generation","size")
);

-- CreateTable
CREATE TABLE "keyholder"."used_statements" (
    "statement_id" TEXT NOT NULL,
    "receipt" BYTEA,

    CONSTRAINT "used_statements_pkey" PRIMARY KEY ("statement_id")
);

-- CreateTable
CREATE TABLE "keyholder"."handles" (
    "handle" BYTEA NOT NULL,
    "holder_key" BYTEA NOT NULL,
    "enrolled_day" INTEGER NOT NULL,
    "commended" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "handles_pkey" PRIMARY KEY ("handle")
);

-- CreateTable
CREATE TABLE "keyholder"."key_replacements" (
    "handle" BYTEA NOT NULL,
    "holder_key" BYTEA NOT NULL,
    "effective_day" INTEGER NOT NULL,

    CONSTRAINT "key_replacements_pkey" PRIMARY KEY ("handle")
);

-- CreateTable
CREATE TABLE "keyholder"."live_counts" (
    "handle" BYTEA NOT NULL,
    "expiry_day" INTEGER NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "live_counts_pkey" PRIMARY KEY ("handle","expiry_day")
);

-- CreateTable
CREATE TABLE "keyholder"."allowances" (
    "handle" BYTEA NOT NULL,
    "extra" INTEGER NOT NULL,
    "expiry_day" INTEGER NOT NULL,

    CONSTRAINT "allowances_pkey" PRIMARY KEY ("handle")
);

-- CreateTable
CREATE TABLE "keyholder"."key_epochs" (
    "number" INTEGER NOT NULL,
    "begun_day" INTEGER NOT NULL,
    "destroyed_day" INTEGER,

    CONSTRAINT "key_epochs_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "keyholder"."cohorts" (
    "cohort" INTEGER NOT NULL,
    "key_epoch" INTEGER NOT NULL,
    "open" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "cohorts_pkey" PRIMARY KEY ("cohort")
);

-- CreateTable
CREATE TABLE "keyholder"."cohort_lists" (
    "number" INTEGER NOT NULL,
    "cohorts" INTEGER[],

    CONSTRAINT "cohort_lists_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "keyholder"."positions" (
    "cohort" INTEGER NOT NULL,
    "slot" INTEGER NOT NULL,
    "handle" BYTEA NOT NULL,
    "last_day" INTEGER NOT NULL,

    CONSTRAINT "positions_pkey" PRIMARY KEY ("cohort","slot")
);

-- CreateTable
CREATE TABLE "keyholder"."spent" (
    "mark" BYTEA NOT NULL,
    "wrapped_hash" BYTEA,
    "list" INTEGER,
    "period" INTEGER,
    "from_epoch" INTEGER,
    "parity" INTEGER,
    "expiry_day" INTEGER NOT NULL,

    CONSTRAINT "spent_pkey" PRIMARY KEY ("mark")
);

-- CreateTable
CREATE TABLE "keyholder"."people" (
    "version" INTEGER NOT NULL,
    "digest" TEXT NOT NULL,
    "document" TEXT NOT NULL,

    CONSTRAINT "people_pkey" PRIMARY KEY ("version")
);

-- CreateTable
CREATE TABLE "keyholder"."attesters" (
    "version" INTEGER NOT NULL,
    "document" TEXT NOT NULL,

    CONSTRAINT "attesters_pkey" PRIMARY KEY ("version")
);

-- CreateTable
CREATE TABLE "keyholder"."requests" (
    "digest" BYTEA NOT NULL,
    "type" TEXT NOT NULL,
    "sealed" BYTEA,
    "expires_at" TIMESTAMPTZ(0) NOT NULL,
    "executed_day" INTEGER,
    "closed" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "requests_pkey" PRIMARY KEY ("digest")
);

-- CreateTable
CREATE TABLE "keyholder"."approvals" (
    "digest" BYTEA NOT NULL,
    "person" TEXT NOT NULL,
    "kid" TEXT NOT NULL,
    "alg" TEXT NOT NULL,
    "signature" BYTEA NOT NULL,

    CONSTRAINT "approvals_pkey" PRIMARY KEY ("digest","person")
);

-- CreateTable
CREATE TABLE "keyholder"."standings" (
    "handle" BYTEA NOT NULL,
    "kind" "keyholder"."standing_kind" NOT NULL,
    "force" INTEGER,
    "epoch" INTEGER,
    "batch" INTEGER,
    "since_day" INTEGER NOT NULL,
    "backed" BOOLEAN NOT NULL DEFAULT false,
    "final" BOOLEAN NOT NULL DEFAULT false,
    "by" BYTEA,

    CONSTRAINT "standings_pkey" PRIMARY KEY ("handle")
);

-- CreateTable
CREATE TABLE "keyholder"."named_selectors" (
    "mark" BYTEA NOT NULL,
    "force" INTEGER,
    "since_day" INTEGER NOT NULL,

    CONSTRAINT "named_selectors_pkey" PRIMARY KEY ("mark")
);

-- CreateTable
CREATE TABLE "keyholder"."force_times" (
    "number" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(0) NOT NULL,

    CONSTRAINT "force_times_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "keyholder"."release_batches" (
    "number" INTEGER NOT NULL,
    "suspend" BYTEA[],
    "reinstate" BYTEA[],
    "remove" BYTEA[],

    CONSTRAINT "release_batches_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "keyholder"."pending_reinstatements" (
    "handle" BYTEA NOT NULL,
    "since_day" INTEGER NOT NULL,

    CONSTRAINT "pending_reinstatements_pkey" PRIMARY KEY ("handle")
);

-- CreateTable
CREATE TABLE "keyholder"."deletions" (
    "handle" BYTEA NOT NULL,

    CONSTRAINT "deletions_pkey" PRIMARY KEY ("handle")
);

-- CreateTable
CREATE TABLE "keyholder"."tombstones" (
    "mark" BYTEA NOT NULL,

    CONSTRAINT "tombstones_pkey" PRIMARY KEY ("mark")
);

-- CreateTable
CREATE TABLE "keyholder"."baselines" (
    "handle" BYTEA NOT NULL,
    "sealed" BYTEA NOT NULL,
    "epoch" INTEGER NOT NULL,
    "pending" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "baselines_pkey" PRIMARY KEY ("handle")
);

-- CreateTable
CREATE TABLE "keyholder"."shadow" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "request" TEXT NOT NULL,
    "base" BYTEA NOT NULL,
    "parameters" TEXT NOT NULL,

    CONSTRAINT "shadow_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "keyholder"."shadow_reports" (
    "epoch" INTEGER NOT NULL,
    "side" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "counts" JSONB NOT NULL,

    CONSTRAINT "shadow_reports_pkey" PRIMARY KEY ("epoch","side")
);

-- CreateTable
CREATE TABLE "keyholder"."shadow_spending" (
    "period" INTEGER NOT NULL,
    "spent" INTEGER NOT NULL,

    CONSTRAINT "shadow_spending_pkey" PRIMARY KEY ("period")
);

-- CreateIndex
CREATE UNIQUE INDEX "audit_entries_generation_closes_key" ON "keyholder"."audit_entries"("generation", "closes");

-- CreateIndex
CREATE UNIQUE INDEX "handles_holder_key_key" ON "keyholder"."handles"("holder_key");

-- CreateIndex
CREATE UNIQUE INDEX "key_replacements_holder_key_key" ON "keyholder"."key_replacements"("holder_key");

-- CreateIndex
CREATE UNIQUE INDEX "positions_handle_cohort_key" ON "keyholder"."positions"("handle", "cohort");

-- CreateIndex
CREATE INDEX "spent_parity_idx" ON "keyholder"."spent"("parity");

-- CreateIndex
CREATE INDEX "standings_force_idx" ON "keyholder"."standings"("force");


