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
