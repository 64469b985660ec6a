-- A pseudonym may be out of use for a term and come back: a flag beside the one that it ended for good, and no time of it.
ALTER TABLE "pseudonyms"."pseudonyms" ADD COLUMN "disabled" BOOLEAN NOT NULL DEFAULT false;
