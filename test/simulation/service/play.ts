/** One script on a service of its own, from the first account to the last check. */
import { checkAlways } from '../judge/checks.js';
import { checkOutcome } from './checks.js';
import type { Script } from './operations.js';
import { ServiceWorld } from './service-world.js';

export interface Played {
  readonly kills: number;
  readonly slowestEpochMs: number;
}

export async function playScript(script: Script, redisUrl?: string): Promise<Played> {
  const world = await ServiceWorld.begin(script, redisUrl);
  try {
    for (const operation of script.operations) {
      await world.play(operation);
      if (operation.op === 'epoch') await checkAlways(world);
    }
    await world.calm();
    await world.play({ op: 'epoch' });
    await checkOutcome(world);
    return { kills: world.kills, slowestEpochMs: world.slowestEpochMs };
  } finally {
    await world.end();
  }
}
