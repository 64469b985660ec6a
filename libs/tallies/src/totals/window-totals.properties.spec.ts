import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eventTypes, type HubId, type PolicyDocument } from '#contracts';
import { twin } from '../../../../test/fakes/window-twin.js';
import {
  epoch,
  first,
  hubs,
  kinds,
  placed,
  policy,
  shape,
  signalOf,
  tally,
  uris,
  type Placed,
} from '../../../../test/fakes/window-worlds.js';

describe('totals of any window', () => {
  it('counts every accepted signal exactly once, as the twin does', async () => {
    await fc.assert(
      fc.asyncProperty(placed, async (world) => {
        expect(shape(await tally(world))).toEqual(twin(world));
      }),
      { numRuns: 400 },
    );
  });

  it('gives the same whatever the order within an epoch', async () => {
    await fc.assert(
      fc.asyncProperty(
        placed.chain((world) => fc.tuple(fc.constant(world), fc.shuffledSubarray(world, { minLength: world.length }))),
        async ([world, other]) => {
          expect(shape(await tally(other))).toEqual(shape(await tally(world)));
        },
      ),
    );
  });

  it('counts nothing of a hub in quarantine, as if it had sent nothing, and all of it once it is active again', async () => {
    const moved = (status: 'active' | 'quarantined', which: readonly string[]): PolicyDocument => ({
      ...policy,
      hubs: policy.hubs.map((hub) => (which.includes(hub.id) ? { ...hub, status } : hub)),
    });
    await fc.assert(
      fc.asyncProperty(placed, fc.subarray(hubs, { minLength: 1 }), async (world, which) => {
        const without = world.filter(({ signal }) => !which.includes(signal.hub));
        expect(shape(await tally(world, undefined, moved('quarantined', which)))).toEqual(twin(without));
        expect(shape(await tally(world, undefined, moved('active', which)))).toEqual(twin(world));
      }),
      { numRuns: 200 },
    );
  });

  it('restores the earlier sum when a signal is retracted', async () => {
    await fc.assert(
      fc.asyncProperty(
        placed,
        fc.constantFrom(...hubs),
        fc.constantFrom(...uris),
        fc.integer({ min: first, max: epoch }),
        fc.nat(3),
        fc.constantFrom(...kinds.filter(([type]) => type === eventTypes.abuseReport)),
        async (world, hub, uri, at, later, kind) => {
          const more: Placed = { epoch: at, signal: signalOf(hub, 'late', uri, kind), objected: false };
          const retraction: Placed = {
            epoch: Math.min(epoch, at + later),
            signal: signalOf(hub, 'back', uri, [eventTypes.retract, { jti: 'late' }]),
            objected: false,
          };
          expect(shape(await tally([...world, more, retraction]))).toEqual(shape(await tally(world)));
          const other = { ...retraction, signal: { ...retraction.signal, hub: 'https://d.example' as HubId } };
          expect(shape(await tally([...world, more, other]))).toEqual(shape(await tally([...world, more])));
        },
      ),
    );
  });

  it('counts a frank of a hub once, however often and about whomever it is reported', async () => {
    const reports = fc.array(
      fc.record({
        hub: fc.constantFrom(...hubs),
        uri: fc.constantFrom(...uris),
        at: fc.integer({ min: first, max: epoch }),
        franks: fc.uniqueArray(fc.nat(3), { minLength: 1, maxLength: 3 }),
      }),
      { maxLength: 12 },
    );
    const payload = { reason: 'spam', hubVerified: true };
    await fc.assert(
      fc.asyncProperty(reports, async (rows) => {
        const world = rows.map(({ hub, uri, at, franks }, i): Placed => {
          const kind: (typeof kinds)[number] = [eventTypes.abuseReport, { ...payload, franks }];
          return { epoch: at, signal: signalOf(hub, `r${i}`, uri, kind), objected: false };
        });
        const once = await tally(world);
        const again = world.map(({ epoch: at, signal }): Placed => {
          const later = { ...signal, jti: `${signal.jti} again` };
          return { epoch: Math.min(epoch, at + 1), signal: later, objected: false };
        });
        expect(shape(await tally([...world, ...again]))).toEqual(shape(once));
        for (const hub of hubs) {
          const own = rows.filter((row) => row.hub === hub);
          const most = new Set(own.flatMap(({ franks }) => franks)).size * 10 * 16;
          const sums = [...once.negative.byUri().values()].flat().filter((total) => total.hub === hub);
          expect(sums.reduce((sum, { total }) => sum + total, 0)).toBeLessThanOrEqual(most);
        }
      }),
    );
  });
});
