/** Looks for secret bytes, raw or as text, wherever a process could have left them: its memory, files, a dump of its database. */
import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';

export type Needles = ReadonlyMap<string, readonly Buffer[]>;

/** Raw, and as the texts in which bytes are usually written. */
export const needlesOf = (secrets: ReadonlyMap<string, Uint8Array>): Needles =>
  new Map(
    [...secrets].map(([name, secret]) => {
      const raw = Buffer.from(secret);
      // a text that begins elsewhere has other letters at its ends, so the middle of each alignment is looked for
      const base64 = [0, 1, 2].map((skip) =>
        raw
          .subarray(skip, skip + 30)
          .toString('base64')
          .slice(0, 36),
      );
      const texts = [raw.toString('hex'), ...base64, ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))];
      return [name, [raw, ...texts.map((text) => Buffer.from(text))]];
    }),
  );

/** Without the texts. */
export const raw = (needles: Needles): Needles => new Map([...needles].map(([name, forms]) => [name, forms.slice(0, 1)]));

/** Names of what is in the bytes. */
export const foundIn = (bytes: Buffer, needles: Needles): string[] =>
  [...needles].flatMap(([name, forms]) => (forms.some((form) => bytes.includes(form)) ? [name] : []));

const chunk = 16 * 2 ** 20;
const overlap = 256;

/** All readable memory of a process (Linux). Regions that end meanwhile are left out. */
export function foundInMemory(pid: number, needles: Needles): string[] {
  const found = new Set<string>();
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const buffer = Buffer.alloc(chunk);
  try {
    for (const [from, to] of regionsOf(pid)) {
      for (let at = from; at < to; at += chunk - overlap) {
        const read = readAt(memory, buffer, at, Math.min(chunk, to - at));
        for (const name of foundIn(buffer.subarray(0, read), needles)) found.add(name);
      }
    }
  } finally {
    closeSync(memory);
  }
  return [...found].sort();
}

function regionsOf(pid: number): [number, number][] {
  return readFileSync(`/proc/${pid}/maps`, 'utf8')
    .split('\n')
    .flatMap((line): [number, number][] => {
      const [, from = '', to = '', mode = '', name = ''] = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+\s*(.*)$/.exec(line) ?? [];
      return mode.startsWith('r') && !/^\[v(var|syscall|dso)/.test(name)
        ? [[Number.parseInt(from, 16), Number.parseInt(to, 16)]]
        : [];
    });
}

function readAt(file: number, buffer: Buffer, at: number, length: number): number {
  try {
    return readSync(file, buffer, 0, length, at);
  } catch {
    return 0;
  }
}

/** Names of what is in which file below a folder. */
export function foundInFiles(folder: string, needles: Needles): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return foundIn(tryToRead(file), needles).map((name) => `${name} in ${path.relative(folder, file)}`);
    });
}

/** A server removes files of its own at any time. */
function tryToRead(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}

/** Every row of every table, as text: bytea is hex there. */
export async function foundInDatabase(superUrl: string, needles: Needles): Promise<string[]> {
  const client = new pg.Client({ connectionString: superUrl });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
       WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
    );
    const found: string[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
      found.push(...foundIn(Buffer.from(rows.map(({ row }) => row).join('\n')), needles).map((secret) => `${secret} in ${name}`));
    }
    return tables.length === 0 ? ['no table was searched'] : found;
  } finally {
    await client.end();
  }
}
