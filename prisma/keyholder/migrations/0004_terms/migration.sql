-- A suspension may hold for a term of whole days, counted from the day it comes in force; an approved act may end every pseudonym at once.
ALTER TABLE "keyholder"."standings" ADD COLUMN "term_days" INTEGER, ADD COLUMN "until_day" INTEGER,
  ADD COLUMN "at_once" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "keyholder"."named_selectors" ADD COLUMN "term_days" INTEGER, ADD COLUMN "until_day" INTEGER, ADD COLUMN "ended" INTEGER;
