-- A shadow policy may have tallies of its own: one more digest per (epoch, side, cohort, hub), for ever.
ALTER TABLE "keyholder"."opened_tallies" ADD COLUMN "policy" TEXT NOT NULL DEFAULT 'live';
ALTER TABLE "keyholder"."opened_tallies" DROP CONSTRAINT "opened_tallies_pkey",
  ADD CONSTRAINT "opened_tallies_pkey" PRIMARY KEY ("epoch","side","policy","cohort","hub");

-- What people have approved is handed to who tallies by it. A shadow from before has to be asked for again.
DELETE FROM "keyholder"."shadow";
ALTER TABLE "keyholder"."shadow" DROP COLUMN "parameters", ADD COLUMN "approved" TEXT NOT NULL;
