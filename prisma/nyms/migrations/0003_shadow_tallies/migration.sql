-- A shadow policy has tallies of its own, beside those of the live policy of the same epoch.
ALTER TABLE "tallies"."trees" ADD COLUMN "policy" TEXT NOT NULL DEFAULT 'live', ADD COLUMN "shadow" JSONB;
ALTER TABLE "tallies"."trees" DROP CONSTRAINT "trees_pkey", ADD CONSTRAINT "trees_pkey" PRIMARY KEY ("epoch","side","policy");
ALTER TABLE "tallies"."leaves" ADD COLUMN "policy" TEXT NOT NULL DEFAULT 'live';
ALTER TABLE "tallies"."leaves" DROP CONSTRAINT "leaves_pkey", ADD CONSTRAINT "leaves_pkey" PRIMARY KEY ("epoch","side","policy","position");
ALTER TABLE "tallies"."attestations" ADD COLUMN "policy" TEXT NOT NULL DEFAULT 'live';
ALTER TABLE "tallies"."attestations" DROP CONSTRAINT "attestations_pkey", ADD CONSTRAINT "attestations_pkey" PRIMARY KEY ("epoch","side","policy","witness");

-- header leaves say which policy they are by: those that wait for their decision are tallied again
UPDATE "tallies"."trees" SET "outcome" = 'waiting' WHERE "outcome" IS NULL;
UPDATE "tallies"."trees" SET "header" = "header" || '{"policy":"live"}';
