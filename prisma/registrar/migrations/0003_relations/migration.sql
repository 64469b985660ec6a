-- Keyed hashes of verified e-mail and phone claims, with the account and nowhere else; and what a batch asked to be found by them.
ALTER TABLE "registrar"."accounts" ADD COLUMN "email_mark" BYTEA, ADD COLUMN "phone_mark" BYTEA;
CREATE INDEX "accounts_email_mark_idx" ON "registrar"."accounts"("email_mark");
CREATE INDEX "accounts_phone_mark_idx" ON "registrar"."accounts"("phone_mark");

-- CreateTable
CREATE TABLE "registrar"."findings" (
    "batch" INTEGER NOT NULL,
    "remedy" TEXT NOT NULL,
    "handles" BYTEA[],

    CONSTRAINT "findings_pkey" PRIMARY KEY ("batch","remedy")
);
GRANT SELECT, INSERT, UPDATE, DELETE ON "registrar"."findings" TO registrar;
