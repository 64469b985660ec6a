-- How many accounts a decision suspended, counted when it was made: what people are shown of it then no longer changes with any one account.
ALTER TABLE "keyholder"."decided_trees" ADD COLUMN "suspended" INTEGER NOT NULL DEFAULT 0;
UPDATE keyholder.decided_trees t
  SET suspended = (SELECT count(*) FROM keyholder.standings s WHERE s.epoch = t.epoch AND s.by IS NULL AND NOT s.final)
  WHERE t.side = 'negative' AND t.outcome = 'decided';
