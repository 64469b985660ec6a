-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "registrar";

-- CreateTable
CREATE TABLE "registrar"."accounts" (
    "subject" TEXT NOT NULL,
    "handle" BYTEA NOT NULL,
    "holder_key" BYTEA,
    "suspended" BOOLEAN NOT NULL DEFAULT false,
    "suspended_month" INTEGER,
    "ticket_day" INTEGER NOT NULL DEFAULT 0,
    "tickets_today" INTEGER NOT NULL DEFAULT 0,
    "ticket_period" INTEGER NOT NULL DEFAULT 0,
    "tickets_in_period" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "accounts_pkey" PRIMARY KEY ("subject")
);

-- CreateTable
CREATE TABLE "registrar"."tombstones" (
    "mark" BYTEA NOT NULL,

    CONSTRAINT "tombstones_pkey" PRIMARY KEY ("mark")
);

-- CreateTable
CREATE TABLE "registrar"."release_cursor" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "number" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "release_cursor_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "accounts_handle_key" ON "registrar"."accounts"("handle");


