/** How long a SET is kept, on real PostgreSQL: its manifests say when it has left the window. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SignalsRepository } from '#signals';
import { startNymsWorld } from '../fakes/nyms-world.js';
import type { NymsWorld } from '../fakes/nyms-world.js';
import { URI } from '../fakes/set-sender.js';

describe('a stored SET', () => {
  let world: NymsWorld;
  beforeAll(async () => void (world = await startNymsWorld()), 60_000);
  afterAll(() => world?.stop());
  const push = (jti: string) => world.hubClient(world.hubs.one).kick(URI, { by: 'hub' }, { jti });
  const manifest = (epoch: number, closedDay: number, jtis: string[]) =>
    world.query(
      `WITH m AS (INSERT INTO tallies.manifests (epoch, root, size, policy_digest, closed_day, signature) VALUES ($1, '', 1, '', $2, ''))
       INSERT INTO tallies.manifest_entries (epoch, position, hub, jti, set_hash) SELECT $1, row_number() OVER (), 'https://one.example', jti, '' FROM unnest($3::text[]) AS t(jti)`,
      [epoch, closedDay, jtis],
    );

  it('goes a week after its last manifest has left the window, and not before it is in one', async () => {
    for (const jti of ['old', 'again', 'never']) await push(jti);
    const day = world.clock.today();
    await manifest(1, day, ['old', 'again']);
    await manifest(2, day + 3, ['again']);
    const repository = world.app.get(SignalsRepository);
    expect(await repository.removeClosedBefore(day)).toBe(0);
    expect(await repository.removeClosedBefore(day + 2)).toBe(1);
    expect(await world.query('SELECT jti FROM signals.sets ORDER BY jti')).toEqual([{ jti: 'again' }, { jti: 'never' }]);
    expect(await repository.removeClosedBefore(day + 4)).toBe(1);
    expect(await repository.removeClosedBefore(day + 400)).toBe(0);
    expect(await world.query('SELECT jti FROM signals.sets')).toEqual([{ jti: 'never' }]);
  });
});
