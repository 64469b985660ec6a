-- Streams of notices to hubs: only nyms, which holds pseudonyms, reads or writes them.
CREATE SCHEMA IF NOT EXISTS "streams";

CREATE TABLE "streams"."streams" (
    "id" TEXT NOT NULL,
    "hub" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "endpoint_url" TEXT,
    "sealed_header" BYTEA,
    "events_requested" JSONB,
    "events_delivered" TEXT[],
    "description" TEXT,
    "alg" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'enabled',
    "reason" TEXT,
    "status_by" TEXT NOT NULL DEFAULT 'hub',
    "subject_count" INTEGER NOT NULL DEFAULT 0,
    "verified_at" TIMESTAMPTZ,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "failing_since" TIMESTAMPTZ,
    "last_failure" TEXT,
    "next_attempt_at" TIMESTAMPTZ,
    "lease" TEXT,
    "lease_until" TIMESTAMPTZ,

    CONSTRAINT "streams_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "streams"."subjects" (
    "stream_id" TEXT NOT NULL,
    "uri" TEXT NOT NULL,
    "format" TEXT NOT NULL,

    CONSTRAINT "subjects_pkey" PRIMARY KEY ("stream_id","uri")
);

CREATE TABLE "streams"."fresh_subjects" (
    "stream_id" TEXT NOT NULL,
    "uri" TEXT NOT NULL,

    CONSTRAINT "fresh_subjects_pkey" PRIMARY KEY ("stream_id","uri")
);

CREATE TABLE "streams"."queue" (
    "jti" TEXT NOT NULL,
    "stream_id" TEXT NOT NULL,
    "uri" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "event" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "dead" BOOLEAN NOT NULL DEFAULT false,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "hour" INTEGER NOT NULL,
    "err" TEXT,

    CONSTRAINT "queue_pkey" PRIMARY KEY ("jti")
);

CREATE TABLE "streams"."log" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "stream_id" TEXT NOT NULL,
    "jti" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "err" TEXT,
    "day" INTEGER NOT NULL,

    CONSTRAINT "log_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "streams_hub_key" ON "streams"."streams"("hub");
CREATE INDEX "subjects_uri_idx" ON "streams"."subjects"("uri");
CREATE INDEX "queue_stream_id_dead_hour_jti_idx" ON "streams"."queue"("stream_id", "dead", "hour", "jti");
CREATE INDEX "queue_stream_id_uri_seq_idx" ON "streams"."queue"("stream_id", "uri", "seq");
CREATE INDEX "log_stream_id_day_idx" ON "streams"."log"("stream_id", "day");
CREATE INDEX "log_day_idx" ON "streams"."log"("day");

ALTER TABLE "streams"."subjects" ADD CONSTRAINT "subjects_stream_id_fkey" FOREIGN KEY ("stream_id") REFERENCES "streams"."streams"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "streams"."fresh_subjects" ADD CONSTRAINT "fresh_subjects_stream_id_fkey" FOREIGN KEY ("stream_id") REFERENCES "streams"."streams"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "streams"."queue" ADD CONSTRAINT "queue_stream_id_fkey" FOREIGN KEY ("stream_id") REFERENCES "streams"."streams"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "streams"."log" ADD CONSTRAINT "log_stream_id_fkey" FOREIGN KEY ("stream_id") REFERENCES "streams"."streams"("id") ON DELETE CASCADE ON UPDATE CASCADE;

GRANT USAGE ON SCHEMA streams TO nyms;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA streams TO nyms;
