/** What a generated test found: printed with its seed, and kept as a file that reproductions.spec.ts plays again ever after. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RunDetails } from 'fast-check';

/** `npm run test:simulation` */
export const isFull = process.env['NYMTALLY_TEST_FULL'] === '1';

const folder = path.join(import.meta.dirname, 'reproductions');

/** @returns what to show: seed, file and error; undefined when nothing failed. */
export function keepFailure<T>(level: string, details: RunDetails<[T]>): string | undefined {
  const { failed, seed, counterexamplePath, counterexample, errorInstance } = details;
  if (!failed) return undefined;
  const text = JSON.stringify(counterexample?.[0], undefined, 2);
  const name = `${level}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}.json`;
  writeFileSync(path.join(folder, name), `${text}\n`);
  const reason = errorInstance instanceof Error ? errorInstance.stack : String(errorInstance);
  return `seed ${seed}, path ${counterexamplePath}, kept as reproductions/${name}\n${text}\n${reason}`;
}

export const keptFailures = <T>(level: string): [name: string, script: T][] =>
  readdirSync(folder)
    .filter((name) => name.startsWith(`${level}-`) && name.endsWith('.json'))
    .sort()
    .map((name) => [name, JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as T]);
