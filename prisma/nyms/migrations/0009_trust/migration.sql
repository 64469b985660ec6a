-- Moderators' reviews of signals that have counted. One moderator speaks once of a signal, and once of what a hub said of a pseudonym.
CREATE SCHEMA IF NOT EXISTS "trust";
CREATE TABLE "trust"."reviews" (
    "statement_id" TEXT NOT NULL,
    "hub" TEXT NOT NULL,
    "jti" TEXT,
    "uri" TEXT,
    "by" TEXT NOT NULL,
    "finding" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    "signature" TEXT NOT NULL,
    "day" INTEGER NOT NULL,

    CONSTRAINT "reviews_pkey" PRIMARY KEY ("statement_id")
);
CREATE UNIQUE INDEX "reviews_hub_jti_by_key" ON "trust"."reviews"("hub", "jti", "by");
CREATE UNIQUE INDEX "reviews_hub_uri_by_key" ON "trust"."reviews"("hub", "uri", "by");
ALTER TABLE "trust"."reviews" ADD CONSTRAINT "reviews_one_subject" CHECK (num_nonnulls("jti", "uri") = 1);

-- a review never changes
GRANT USAGE ON SCHEMA trust TO nyms;
GRANT SELECT, INSERT, DELETE ON trust.reviews TO nyms;
