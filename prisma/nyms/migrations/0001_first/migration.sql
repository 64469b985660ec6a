-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "pseudonyms";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "signals";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "tallies";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "witness";

-- CreateEnum
CREATE TYPE "signals"."state" AS ENUM ('received', 'counted', 'held', 'retracted', 'ignored', 'rejected', 'applied');

-- CreateTable
CREATE TABLE "pseudonyms"."pseudonyms" (
    "uri" TEXT NOT NULL,
    "subject" BYTEA NOT NULL,
    "salt" BYTEA NOT NULL,
    "spki" BYTEA NOT NULL,
    "expiry_day" INTEGER NOT NULL,
    "revoked" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "pseudonyms_pkey" PRIMARY KEY ("uri")
);

-- CreateTable
CREATE TABLE "pseudonyms"."clients" (
    "client_uri" TEXT NOT NULL,
    "uri" TEXT NOT NULL,
    "spki" BYTEA NOT NULL,

    CONSTRAINT "clients_pkey" PRIMARY KEY ("client_uri")
);

-- CreateTable
CREATE TABLE "pseudonyms"."selectors" (
    "selector_id" BYTEA NOT NULL,
    "uri" TEXT NOT NULL,
    "key_epoch" INTEGER NOT NULL,
    "cohort" INTEGER NOT NULL,
    "period" INTEGER NOT NULL,
    "expiry_day" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,
    "signature" BYTEA NOT NULL,

    CONSTRAINT "selectors_pkey" PRIMARY KEY ("selector_id")
);

-- CreateTable
CREATE TABLE "pseudonyms"."acts" (
    "statement_id" TEXT NOT NULL,
    "uri" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    "signature" TEXT NOT NULL,
    "receipt" BYTEA,

    CONSTRAINT "acts_pkey" PRIMARY KEY ("statement_id")
);

-- CreateTable
CREATE TABLE "signals"."sets" (
    "id" BYTEA NOT NULL,
    "hub" TEXT NOT NULL,
    "jti" TEXT NOT NULL,
    "uri" TEXT NOT NULL,
    "event_type" TEXT NOT NULL,
    "names" TEXT,
    "token" TEXT NOT NULL,
    "set_hash" BYTEA NOT NULL,
    "jwk" JSONB NOT NULL,
    "state" "signals"."state" NOT NULL DEFAULT 'received',
    "received_day" INTEGER NOT NULL,

    CONSTRAINT "sets_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "signals"."decisions" (
    "statement_id" TEXT NOT NULL,
    "hub" TEXT NOT NULL,
    "jti" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    "signature" TEXT NOT NULL,
    "decision_hash" BYTEA NOT NULL,

    CONSTRAINT "decisions_pkey" PRIMARY KEY ("statement_id")
);

-- CreateTable
CREATE TABLE "tallies"."manifests" (
    "epoch" INTEGER NOT NULL,
    "root" BYTEA NOT NULL,
    "size" INTEGER NOT NULL,
    "policy_digest" BYTEA NOT NULL,
    "closed_day" INTEGER NOT NULL,
    "signature" BYTEA NOT NULL,

    CONSTRAINT "manifests_pkey" PRIMARY KEY ("epoch")
);

-- CreateTable
CREATE TABLE "tallies"."manifest_entries" (
    "epoch" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "hub" TEXT NOT NULL,
    "jti" TEXT NOT NULL,
    "set_hash" BYTEA NOT NULL,
    "decision_hash" BYTEA,

    CONSTRAINT "manifest_entries_pkey" PRIMARY KEY ("epoch","position")
);

-- CreateTable
CREATE TABLE "tallies"."objections" (
    "epoch" INTEGER NOT NULL,
    "witness" TEXT NOT NULL,
    "list" JSONB NOT NULL,
    "signature" BYTEA NOT NULL,

    CONSTRAINT "objections_pkey" PRIMARY KEY ("epoch","witness")
);

-- CreateTable
CREATE TABLE "tallies"."trees" (
    "epoch" INTEGER NOT NULL,
    "side" TEXT NOT NULL,
    "root" BYTEA NOT NULL,
    "header" JSONB NOT NULL,
    "leaves" INTEGER NOT NULL,
    "signature" BYTEA NOT NULL,
    "outcome" TEXT,

    CONSTRAINT "trees_pkey" PRIMARY KEY ("epoch","side")
);

-- CreateTable
CREATE TABLE "tallies"."leaves" (
    "epoch" INTEGER NOT NULL,
    "side" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "leaf" JSONB NOT NULL,
    "ciphertext" BYTEA NOT NULL,

    CONSTRAINT "leaves_pkey" PRIMARY KEY ("epoch","side","position")
);

-- CreateTable
CREATE TABLE "tallies"."attestations" (
    "epoch" INTEGER NOT NULL,
    "side" TEXT NOT NULL,
    "witness" TEXT NOT NULL,
    "root" BYTEA NOT NULL,
    "signature" BYTEA NOT NULL,

    CONSTRAINT "attestations_pkey" PRIMARY KEY ("epoch","side","witness")
);

-- CreateTable
CREATE TABLE "witness"."seen" (
    "hub" TEXT NOT NULL,
    "jti" TEXT NOT NULL,
    "set_hash" BYTEA NOT NULL,
    "epoch" INTEGER,
    "jwk" JSONB,
    "due" INTEGER,

    CONSTRAINT "seen_pkey" PRIMARY KEY ("hub","jti")
);

-- CreateTable
CREATE TABLE "witness"."inspected" (
    "witness" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "root" BYTEA NOT NULL,
    "policy_digest" BYTEA NOT NULL,
    "closed_day" INTEGER NOT NULL,

    CONSTRAINT "inspected_pkey" PRIMARY KEY ("witness","epoch")
);

-- CreateTable
CREATE TABLE "witness"."state" (
    "witness" TEXT NOT NULL,
    "policy_version" INTEGER NOT NULL DEFAULT 0,
    "inspected" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "state_pkey" PRIMARY KEY ("witness")
);

-- CreateIndex
CREATE UNIQUE INDEX "pseudonyms_subject_key" ON "pseudonyms"."pseudonyms"("subject");

-- CreateIndex
CREATE INDEX "clients_uri_idx" ON "pseudonyms"."clients"("uri");

-- CreateIndex
CREATE INDEX "selectors_cohort_idx" ON "pseudonyms"."selectors"("cohort");

-- CreateIndex
CREATE UNIQUE INDEX "selectors_uri_period_key" ON "pseudonyms"."selectors"("uri", "period");

-- CreateIndex
CREATE INDEX "sets_state_idx" ON "signals"."sets"("state");

-- CreateIndex
CREATE INDEX "sets_uri_idx" ON "signals"."sets"("uri");

-- CreateIndex
CREATE INDEX "sets_received_day_idx" ON "signals"."sets"("received_day");

-- CreateIndex
CREATE UNIQUE INDEX "sets_hub_jti_key" ON "signals"."sets"("hub", "jti");

-- CreateIndex
CREATE INDEX "decisions_hub_jti_idx" ON "signals"."decisions"("hub", "jti");

-- CreateIndex
CREATE INDEX "manifest_entries_hub_jti_idx" ON "tallies"."manifest_entries"("hub", "jti");

-- CreateIndex
CREATE INDEX "seen_epoch_idx" ON "witness"."seen"("epoch");

-- AddForeignKey
ALTER TABLE "pseudonyms"."clients" ADD CONSTRAINT "clients_uri_fkey" FOREIGN KEY ("uri") REFERENCES "pseudonyms"."pseudonyms"("uri") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pseudonyms"."selectors" ADD CONSTRAINT "selectors_uri_fkey" FOREIGN KEY ("uri") REFERENCES "pseudonyms"."pseudonyms"("uri") ON DELETE CASCADE ON UPDATE CASCADE;


