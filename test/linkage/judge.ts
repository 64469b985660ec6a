/** From a world and what its databases show to a measured attack: draws the pairs, describes them, trains and judges. */
import { parameterSets } from '#he';
import { SeededRandom } from '../../apps/ctl/src/scenario/random.js';
import { prfLabels } from '../../apps/keyholder/src/keys/prf.js';
import { drawPairs } from './attacker/draw-pairs.js';
import { line, measure } from './attacker/measure.js';
import type { Measured } from './attacker/measure.js';
import { keyholderFeatures } from './attackers/keyholder-alone.js';
import { outsideFeatures } from './attackers/outside.js';
import { seenTogether } from './dumps/keyholder.js';
import type { SpentSeen } from './dumps/keyholder.js';
import { print, seed } from './world/seed.js';
import { sizes } from './world/service.js';
import type { Service } from './world/service.js';
import type { World } from './world/world.js';

/** Mints of a pool that half of its accounts being asked about leaves enough of. */
const LARGE_POOL = 30;

/** Everything but the key holder's database: are these two pseudonyms of one account? */
export function judgeOutside(name: string, world: World): Measured {
  const random = new SeededRandom(seed + 1); // not the stream that the world's own orders were drawn from
  const pairs = drawPairs({ accounts: world.people.length, others: sizes.others, random });
  const couples = { left: pairs.left.slice(), right: pairs.right.slice() };
  pairs.same.forEach((same, row) => {
    const first = random.between({ least: 0, most: 1 });
    const second = same === 1 ? 1 - first : random.between({ least: 0, most: 1 });
    couples.left[row] = 2 * pairs.left[row]! + first;
    couples.right[row] = 2 * pairs.right[row]! + second;
  });
  const modulus = Number(parameterSets['n2048-q50-t20'].coeffModulus);
  const measured = measure(pairs, outsideFeatures({ ...world, modulus }, couples), seed);
  print(line(name, measured));
  return measured;
}

/**
 * The key holder's database alone: was this spent mark left by this handle? @param within `pool`: among the handles of the mark's
 * transaction, which is as near as is claimed; `all`: among all handles, to show how near that is.
 */
export function judgeKeyholder(name: string, service: Service, world: World, within: 'pool' | 'all' = 'pool'): Measured {
  const random = new SeededRandom(seed + 1); // not the stream that the world's own orders were drawn from
  const seen = seenTogether(world.keyholder);
  const pools = Map.groupBy(seen.spent, ({ xmin }) => xmin);
  const marks = marksOf(world, service, seen.spent).map((own) => {
    // of an account's two, one at random; not the one of a small pool, whose accounts would be left out
    const [one, other] = random.shuffled(own) as [SpentSeen, SpentSeen];
    const sizeOf = ({ xmin }: SpentSeen) => Math.min(pools.get(xmin)!.length, LARGE_POOL);
    return sizeOf(one) >= sizeOf(other) ? one : other;
  });
  const plan = { accounts: marks.length, others: sizes.others, random, directed: true };
  // twice as many where a pool has them, for the pools that have not
  const pooled = { ...plan, others: 2 * sizes.others, groupOf: marks.map(({ xmin }) => xmin) };
  const pairs = drawPairs(within === 'pool' ? pooled : plan);
  const measured = measure(pairs, keyholderFeatures(seen, marks, handlesOf(world), pairs), seed);
  const inPool = marks.map(({ xmin }) => pools.get(xmin)!.length).sort((a, b) => a - b);
  print(`${line(name, measured)}  (half of the marks in pools of ${inPool[inPool.length >> 1]} or more)`);
  return measured;
}

/** Only the key holder can tell a ticket's mark. */
function marksOf({ owned }: World, { prf }: Service, spent: readonly SpentSeen[]): SpentSeen[][] {
  // of a row that was written again, to forget what a retry needs, the first version
  const byMark = new Map([...spent].sort((a, b) => b.xmin - a.xmin).map((row) => [row.mark.toString('hex'), row]));
  return owned.map(({ jtis }) =>
    jtis.map((jti) => {
      const row = byMark.get(Buffer.from(prf.bytes(prfLabels.spent, jti)).toString('hex'));
      if (!row) throw new Error('a ticket was redeemed and has left no mark');
      return row;
    }),
  );
}

function handlesOf({ people, accounts }: World): Buffer[] {
  const bySubject = new Map(accounts.flat().map(({ subject, handle }) => [subject, handle]));
  return people.map(({ subject }) => bySubject.get(subject)!);
}
