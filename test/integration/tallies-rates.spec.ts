/** The alarm of a hub that sends more than is usual, on manifests in PostgreSQL: it names hubs and numbers, and stops nothing. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { openCorrelator, type Correlator } from './tallies-processes.js';
import { hubId, TalliesWorld } from './tallies-world.js';

jest.setTimeout(60_000); // a busy machine

describe('the usual rate of a hub', () => {
  let world: TalliesWorld;
  let correlator: Correlator;
  beforeAll(async () => {
    world = await TalliesWorld.open();
    correlator = openCorrelator(world);
    world.install({ ...world.policy, version: 2, windowEpochs: 20, decay: { scale: 16, table: Array<number>(20).fill(16) } });
    // 10 SETs an epoch of the first hub, 2 of the second, then 200 of both; the third is silent, then sends 30 for the first time
    for (let epoch = 1; epoch <= 9; epoch++) await arrivals(epoch, epoch === 9 ? [200, 200, 30] : [10, 2, 0]);
  });
  afterAll(async () => {
    await correlator.close();
    await world.close();
  });

  const arrivals = async (epoch: number, counts: readonly number[]) => {
    await correlator.pool.query(
      `INSERT INTO tallies.manifests (epoch, root, size, policy_digest, closed_day, signature) VALUES ($1, '', 0, '', 0, '')`,
      [epoch],
    );
    for (const [hub, count] of counts.entries())
      await correlator.pool.query(
        `INSERT INTO tallies.manifest_entries (epoch, position, hub, jti, set_hash)
         SELECT $1, $3 * 1000 + n, $2, 'set-' || n, '' FROM generate_series(1, $4) AS n`,
        [epoch, hubId(hub), hub, count],
      );
  };
  const said = () => correlator.log.splice(0).filter(({ name }) => name === 'hub-over-usual-rate');

  it('is not exceeded by what a hub always sends, and is by twenty times as much', async () => {
    expect(await correlator.rates.look(8)).toEqual([]);
    expect(await correlator.rates.look(9)).toEqual([hubId(0), hubId(1)]);
    expect(said().map(({ fields }) => fields)).toEqual([
      { epoch: 9, hub: hubId(0), signals: 200, limit: 29 },
      { epoch: 9, hub: hubId(1), signals: 200, limit: 20 },
    ]);
  });

  it('is what the policy says, where it says something', async () => {
    const expected = new Map([
      [hubId(0), 300],
      [hubId(2), 4],
    ]);
    const hubs = world.policy.hubs.map((hub) => {
      const expectedPerEpoch = expected.get(hub.id);
      return expectedPerEpoch === undefined ? hub : { ...hub, expectedPerEpoch };
    });
    world.install({ ...world.policy, version: 3, hubs });
    expect(await correlator.rates.look(9)).toEqual([hubId(1), hubId(2)]);
  });

  it('is looked at of no sandbox, which is there to try things', async () => {
    const hubs = world.policy.hubs.map((hub) =>
      hub.id === hubId(0) ? { ...hub, expectedPerEpoch: 1, sandbox: true as const } : hub,
    );
    world.install({ ...world.policy, version: 4, hubs });
    said();
    const others = [hubId(1), hubId(2)];
    expect(await correlator.rates.look(9)).toEqual(others);
    expect(said().map(({ fields }) => fields['hub'])).toEqual(others);
  });

  it('stops nothing when it cannot be known', async () => {
    const other = openCorrelator(world);
    await other.pool.end();
    expect(await other.rates.look(9)).toEqual([]);
    expect(other.log).toEqual([{ name: 'step-failed', fields: { step: 'rates' } }]);
  });
});
