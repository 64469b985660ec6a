import path from 'node:path';
import { defineConfig } from 'prisma/config';

// Three databases, one folder each: NYMTALLY_DB=registrar|nyms|keyholder chooses. No engine is downloaded: the CLI talks to
// tools/schema-engine.mjs (the engine's WebAssembly build over the pg adapter) instead of the native binary.
const folder = path.resolve(import.meta.dirname, 'prisma', process.env.NYMTALLY_DB ?? 'nyms');
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= path.resolve(import.meta.dirname, 'tools/schema-engine.mjs');
process.env.CHECKPOINT_DISABLE ??= '1';

export default defineConfig({
  schema: path.join(folder, 'schema'),
  migrations: { path: path.join(folder, 'migrations') },
  datasource: { url: process.env.DATABASE_URL ?? 'postgresql://postgres@127.0.0.1:5432/nymtally' },
});
