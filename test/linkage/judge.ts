/** From a world and what its databases show to a measured attack: draws the pairs, describes them, trains and judges. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parameterSets } from '#he';
import { SeededRandom } from '../../apps/ctl/src/scenario/random.js';
import { Prf, prfLabels } from '../../apps/keyholder/src/keys/prf.js';
import { drawPairs } from './attacker/draw-pairs.js';
import { line, measure } from './attacker/measure.js';
import type { Measured } from './attacker/measure.js';
import { keyholderFeatures } from './attackers/keyholder-alone.js';
import { outsideFeatures } from './attackers/outside.js';
import { seenKeyholder } from './dumps/keyholder.js';
import { seenNyms } from './dumps/nyms.js';
import { seenAccounts } from './dumps/registrar.js';
import { print, seed } from './world/seed.js';
import { sizes } from './world/service.js';
import type { Service } from './world/service.js';
import type { World } from './world/worlds.js';
import type { Person } from './world/person.js';

/** Everything but the key holder's database: are these two pseudonyms of one account? */
export async function judgeOutside(name: string, service: Service, world: World): Promise<Measured> {
  const random = new SeededRandom(seed);
  const uris = world.mints.flatMap((mints) => mints.map(({ uri }) => uri));
  const nyms = await seenNyms(service.stack.databases.superUrls.nyms, uris);
  const pairs = drawPairs({ accounts: world.mints.length, others: sizes.others, random });
  const couples = { left: pairs.left.slice(), right: pairs.right.slice() };
  pairs.same.forEach((same, row) => {
    const first = random.between({ least: 0, most: 1 });
    const second = same === 1 ? 1 - first : random.between({ least: 0, most: 1 });
    couples.left[row] = 2 * pairs.left[row]! + first;
    couples.right[row] = 2 * pairs.right[row]! + second;
  });
  const modulus = Number(parameterSets['n2048-q50-t20'].coeffModulus);
  const measured = measure(pairs, outsideFeatures({ nyms, accounts: world.accounts, modulus }, couples), seed);
  print(line(name, measured));
  return measured;
}

/**
 * The key holder's database alone: was this spent mark left by this handle? @param within `pool`: among the handles of the mark's
 * transaction, which is as near as is claimed; `all`: among all handles, to show how near that is.
 */
export async function judgeKeyholder(
  name: string,
  service: Service,
  world: World,
  people: readonly Person[],
  within: 'pool' | 'all' = 'pool',
): Promise<Measured> {
  const random = new SeededRandom(seed);
  const seen = await seenKeyholder(service.stack.databases.superUrls.keyholder);
  const spent = new Map(seen.spent.map((row) => [row.mark.toString('hex'), row]));
  const handleOf = new Map(
    (await seenAccounts(service.stack.databases.superUrls.registrar)).map(({ subject, handle }) => [subject, handle]),
  );
  const markOf = marksUnder(path.join(service.stack.dataDir, 'keys', 'keyholder'));
  const marks = world.mints.map((mints) => {
    const row = spent.get(markOf(random.pick(mints).jti));
    if (!row) throw new Error('a ticket was redeemed and has left no mark');
    return row;
  });
  const handles = people.map(({ subject }) => handleOf.get(subject)!);
  const groupOf = within === 'pool' ? marks.map(({ xmin }) => xmin) : undefined;
  const plan = { accounts: marks.length, others: sizes.others, random, directed: true };
  const pairs = drawPairs(groupOf ? { ...plan, groupOf } : plan);
  const measured = measure(pairs, keyholderFeatures(seen, marks, handles, pairs), seed);
  const pools = [...Map.groupBy(seen.spent, ({ xmin }) => xmin).values()].map(({ length }) => length).sort((a, b) => a - b);
  print(`${line(name, measured)}  (pools of ${pools[pools.length >> 1]} at the median)`);
  return measured;
}

/** Only the key holder can tell a ticket's mark; the test reads its key, as whoever runs a service on one machine could. */
function marksUnder(secretsFolder: string): (jti: Uint8Array) => string {
  const prf = new Prf(readFileSync(path.join(secretsFolder, 'prf-key')));
  return (jti) => Buffer.from(prf.bytes(prfLabels.spent, jti)).toString('hex');
}
