-- Token Status Lists of the pseudonym side: which index is whose, and what is published. The lists themselves are made by nyms.
CREATE SCHEMA IF NOT EXISTS "status_lists";

CREATE TABLE "status_lists"."lists" (
    "number" INTEGER NOT NULL,
    "decoys" BYTEA NOT NULL,
    "cover" BYTEA NOT NULL,
    "ended" BYTEA NOT NULL,
    "token" TEXT NOT NULL,

    CONSTRAINT "lists_pkey" PRIMARY KEY ("number")
);

CREATE TABLE "status_lists"."indices" (
    "list" INTEGER NOT NULL,
    "idx" INTEGER NOT NULL,
    "uri" TEXT,

    CONSTRAINT "indices_pkey" PRIMARY KEY ("list","idx")
);

CREATE TABLE "status_lists"."publication" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "key" BYTEA NOT NULL,
    "published_at" BIGINT NOT NULL,

    CONSTRAINT "publication_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "indices_uri_key" ON "status_lists"."indices"("uri");

ALTER TABLE "status_lists"."indices" ADD CONSTRAINT "indices_list_fkey" FOREIGN KEY ("list") REFERENCES "status_lists"."lists"("number") ON DELETE RESTRICT ON UPDATE CASCADE;
-- retention takes the pseudonym; its index stays used
ALTER TABLE "status_lists"."indices" ADD CONSTRAINT "indices_uri_fkey" FOREIGN KEY ("uri") REFERENCES "pseudonyms"."pseudonyms"("uri") ON DELETE SET NULL ON UPDATE CASCADE;

-- random bits do not compress
ALTER TABLE status_lists.lists ALTER COLUMN decoys SET STORAGE EXTERNAL, ALTER COLUMN cover SET STORAGE EXTERNAL,
  ALTER COLUMN ended SET STORAGE EXTERNAL, ALTER COLUMN token SET STORAGE EXTERNAL;

-- nothing is ever deleted here: an index that could be given twice would show one pseudonym's end as another's
GRANT USAGE ON SCHEMA status_lists TO nyms;
GRANT SELECT, INSERT, UPDATE ON status_lists.lists, status_lists.indices, status_lists.publication TO nyms;
