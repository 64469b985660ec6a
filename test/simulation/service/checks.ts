/** What must have come of a script in the end, as clients and hubs see it: standings, revocations, and nothing left undone. */
import { expect } from '@jest/globals';
import { checkAlways, checkAtTheEnd } from '../judge/checks.js';
import { expectedSuspended } from '../judge/judged.js';
import { until } from './persistence.js';
import type { ServiceWorld } from './service-world.js';

/** After an epoch that no process was killed in. */
export async function checkOutcome(world: ServiceWorld): Promise<void> {
  await until(
    () => nothingLeft(world),
    () => 'there is still work',
  );
  await checkAlways(world);
  await checkAtTheEnd(world);
  const suspended = await expectedSuspended(world);
  const revoked = world.history.pseudonyms.filter(({ account }) => suspended.has(account)).map(({ uri }) => uri);
  await until(
    async () => ((await revokedUris(world)).length >= revoked.length ? true : undefined),
    () => 'not all are revoked',
  );
  expect((await revokedUris(world)).sort()).toEqual([...revoked].sort());
  for (const { uri } of world.history.pseudonyms) {
    expect({ uri, active: await world.hubs.isActive(uri) }).toEqual({ uri, active: !revoked.includes(uri) });
  }
  for (const [account, person] of world.people.entries()) {
    await until(
      async () => ((await person.isSuspended()) === suspended.has(account) ? true : undefined),
      () => `account ${account} is ${suspended.has(account) ? 'not suspended' : 'suspended'}`,
    );
  }
}

async function revokedUris(world: ServiceWorld): Promise<string[]> {
  const rows = await world.nyms<{ uri: string }>('SELECT uri FROM pseudonyms.pseudonyms WHERE revoked');
  return rows.map(({ uri }) => uri);
}

async function nothingLeft(world: ServiceWorld): Promise<true | undefined> {
  const open = await world.nyms(
    `SELECT 1 FROM signals.sets WHERE state = 'received' UNION ALL SELECT 1 FROM tallies.trees WHERE outcome IS NULL`,
  );
  return open.length === 0 ? true : undefined;
}
