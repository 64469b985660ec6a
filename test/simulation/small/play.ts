/** One script from its beginning to the last check; the generated worlds and the kept failures both go through here. */
import type { Ground } from './ground.js';
import { checkAlways, checkAtTheEnd } from '../judge/checks.js';
import type { Script } from './operations.js';
import { SmallWorld } from './small-world.js';

export async function playScript(ground: Ground, script: Script): Promise<void> {
  const world = await SmallWorld.begin(ground, script);
  try {
    for (const operation of script.operations) {
      await world.play(operation);
      if (operation.op === 'epoch') await checkAlways(world);
    }
    await world.play({ op: 'epoch' });
    await checkAlways(world);
    await checkAtTheEnd(world);
  } finally {
    await world.end();
  }
}

/** What the newest epoch's tallies add up to after a script and what is done at its end: `side hub` → sum over all cohorts. */
export async function sumsAfter(
  ground: Ground,
  script: Script,
  end: (world: SmallWorld) => Promise<void>,
): Promise<Record<string, number>> {
  const world = await SmallWorld.begin(ground, script);
  try {
    for (const operation of script.operations) await world.play(operation);
    await end(world);
    const rows = await world.nyms<{ name: string; sum: number }>(
      `SELECT concat_ws(' ', side, leaf ->> 'hub') AS name, sum((leaf ->> 'weightSum')::int)::int AS sum
       FROM tallies.leaves WHERE epoch = $1 GROUP BY 1`,
      [world.history.newest],
    );
    return Object.fromEntries(rows.map(({ name, sum }) => [name, sum]));
  } finally {
    await world.end();
  }
}
