-- How many signals a tree counts that none before it did: noted when it is folded, so that operators need not guess it from states.
ALTER TABLE "tallies"."trees" ADD COLUMN "signals" INTEGER NOT NULL DEFAULT 0;
