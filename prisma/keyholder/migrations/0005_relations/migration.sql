-- Approved acts on accounts that begin on the account side, and on accounts that are related: they wait for a full release batch.
ALTER TABLE "keyholder"."release_batches" ADD COLUMN "related_suspend" BYTEA[] DEFAULT '{}', ADD COLUMN "related_delete" BYTEA[] DEFAULT '{}';

-- CreateTable
CREATE TABLE "keyholder"."account_orders" (
    "handle" BYTEA NOT NULL,
    "remedy" TEXT NOT NULL,

    CONSTRAINT "account_orders_pkey" PRIMARY KEY ("handle")
);

-- CreateTable
CREATE TABLE "keyholder"."related_marks" (
    "handle" BYTEA NOT NULL,
    "remedy" TEXT NOT NULL,

    CONSTRAINT "related_marks_pkey" PRIMARY KEY ("handle")
);

-- CreateTable
CREATE TABLE "keyholder"."proposals" (
    "digest" BYTEA NOT NULL,
    "batch" INTEGER NOT NULL,
    "remedy" TEXT NOT NULL,
    "sealed" BYTEA NOT NULL,

    CONSTRAINT "proposals_pkey" PRIMARY KEY ("digest")
);

-- CreateIndex
CREATE UNIQUE INDEX "proposals_batch_remedy_key" ON "keyholder"."proposals"("batch", "remedy");
GRANT SELECT, INSERT, UPDATE, DELETE ON "keyholder"."account_orders", "keyholder"."related_marks", "keyholder"."proposals" TO keyholder;
