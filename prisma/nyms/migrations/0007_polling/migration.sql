-- Streams of hubs towards us: what their transmitters have said of them, the proof of life we have asked for, and which process polls.
CREATE SCHEMA IF NOT EXISTS "polling";

CREATE TABLE "polling"."streams" (
    "hub" TEXT NOT NULL,
    "status" TEXT,
    "status_at" INTEGER,
    "asked_state" TEXT,
    "asked_until" TIMESTAMPTZ(0),
    "answered_jti" TEXT,
    "holder" TEXT,
    "held_until" TIMESTAMPTZ(0),

    CONSTRAINT "streams_pkey" PRIMARY KEY ("hub")
);

GRANT USAGE ON SCHEMA polling TO nyms;
GRANT SELECT, INSERT, UPDATE, DELETE ON polling.streams TO nyms;
