// The three Prisma clients, when their schema or Prisma itself changed.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './root.mjs';
import { collect, note, SetupError } from './run.mjs';

export const databases = ['registrar', 'nyms', 'keyholder'];

export async function generateClients(node) {
  const stale = databases.filter((database) => readStamp(database) !== stampOf(database));
  if (stale.length === 0) return;
  note(`generating the Prisma client of ${stale.join(', ')}`);
  await Promise.all(
    stale.map(async (database) => {
      const { code, output } = await collect(node, ['node_modules/prisma/build/index.js', 'generate'], { NYMTALLY_DB: database });
      if (code !== 0) throw new SetupError(`prisma generate failed for ${database}: ${output.trim()}`);
      writeFileSync(stampFile(database), stampOf(database));
    }),
  );
}

const stampFile = (database) => path.join(root, 'prisma', database, 'generated', '.stamp');

function stampOf(database) {
  const folder = path.join(root, 'prisma', database, 'schema');
  const files = readdirSync(folder)
    .sort()
    .map((name) => path.join(folder, name));
  const hash = createHash('sha256');
  for (const file of [...files, path.join(root, 'prisma.config.ts'), path.join(root, 'node_modules/prisma/package.json')])
    hash.update(readFileSync(file));
  return hash.digest('hex');
}

const readStamp = (database) => (existsSync(stampFile(database)) ? readFileSync(stampFile(database), 'utf8') : undefined);
