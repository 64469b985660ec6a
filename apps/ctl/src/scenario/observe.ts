/**
 * Looks at the outcome as its users do: accounts ask the registrar for their standing, hubs ask nyms whether a pseudonym is active.
 * Put together with who owns what, which only the scenario knows, it says who was suspended and what was revoked.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Stack } from '../stack/stack.js';
import type { Hubs } from './hub-side.js';
import { inParallel } from './parallel.js';
import type { Person, Steps } from './people.js';
import type { ReferenceHubs } from './reference-hubs.js';

const WIDTH = 24;
/** Revocations are spread over seconds here; the last one comes well before this. */
const PATIENCE_MS = 40_000;

/** Waits until the registrar has applied every release batch that the key holder has filled: it asks four times a second. */
export async function heardOf(stack: Stack): Promise<void> {
  const filled = 'SELECT coalesce(max(number), 0)::int AS number FROM keyholder.release_batches';
  const applied = 'SELECT coalesce(max(number), 0)::int AS number FROM registrar.release_cursor';
  const newest = await numberIn(stack, 'keyholder', filled);
  for (const end = performance.now() + PATIENCE_MS; (await numberIn(stack, 'registrar', applied)) < newest; await sleep(50)) {
    if (performance.now() > end)
      throw new Error(`the registrar has not applied release batch ${newest} in ${PATIENCE_MS / 1_000} s`);
  }
}

async function numberIn(stack: Stack, role: 'keyholder' | 'registrar', query: string): Promise<number> {
  const client = new pg.Client({ connectionString: stack.databases.urlFor(role) });
  await client.connect();
  try {
    return (await client.query<{ number: number }>(query)).rows[0]!.number;
  } finally {
    await client.end();
  }
}

export async function suspendedPeople(people: readonly Person[], steps: Steps, label: string): Promise<Set<Person>> {
  const found = new Set<Person>();
  const step = steps(label, people.length);
  await inParallel(people, WIDTH, async (person) => {
    if (await person.isSuspended()) found.add(person);
    step();
  });
  return found;
}

/** Of these pseudonyms, the ones a hub is told are not active. */
export async function inactive(uris: readonly string[], hubs: Hubs, steps: Steps, label: string): Promise<Set<string>> {
  const found = new Set<string>();
  const step = steps(label, uris.length);
  await inParallel(uris, WIDTH, async (uri) => {
    if (!(await hubs.isActive(uri))) found.add(uri);
    step();
  });
  return found;
}

/** Waits until every one of these is revoked, or patience ends; the caller judges what is left. */
export async function awaitRevocation(uris: readonly string[], hubs: Hubs): Promise<void> {
  let left = [...uris];
  for (const end = performance.now() + PATIENCE_MS; left.length > 0 && performance.now() < end;) {
    const still: string[] = [];
    await inParallel(left, WIDTH, async (uri) => {
      if (await hubs.isActive(uri)) still.push(uri);
    });
    left = still;
    if (left.length > 0) await sleep(200);
  }
}

/** Waits until some hub has been told of every one of these, or patience ends; the caller judges what is left. */
export async function awaitNotices(uris: readonly string[], reference: ReferenceHubs): Promise<void> {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await sleep(200)) {
    const told = await reference.toldOf();
    if (uris.every((uri) => told.has(uri))) return;
  }
}
