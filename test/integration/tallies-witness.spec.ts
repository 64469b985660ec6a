/** What a witness finds in SETs and decisions: forged, exchanged, vanished, left out, or late. */
import { describe, expect, it, jest } from '@jest/globals';
import { eventTypes } from '#contracts';
import { runEpoch } from './tallies-processes.js';
import { faultsOf, witnessed } from './tallies-witnessed.js';
import { hubId } from './tallies-world.js';

const { abuseReport, kick } = eventTypes;
const verified = { reason: 'spam', hubVerified: true };
const other = { reason: 'other', hubVerified: false };

jest.setTimeout(60_000); // a busy machine

describe('a witness of signals', () => {
  const at = witnessed();

  it('objects to a SET that its hub has not signed, which then counts for nobody and stops nothing', async () => {
    const { correlator, first, witness, world } = at;
    await world.signal(0, first.uri, abuseReport, verified, { signer: 1 });
    await world.signal(1, first.uri, kick, { by: 'hub' });
    await runEpoch(correlator, witness);
    expect(world.totals()).toEqual({ [`0 ${hubId(1)}`]: { 5: 32 } });
    expect(witness.log).toContainEqual({ name: 'hub-objected', fields: { epoch: 1, hub: hubId(0), objections: 1 } });
    await runEpoch(correlator, witness);
    expect(world.totals()).toEqual({ [`0 ${hubId(1)}`]: { 5: 24 } });
  });

  it('objects to a row whose token is another one', async () => {
    const { correlator, first, witness, world } = at;
    const jti = await world.signal(0, first.uri, abuseReport, verified);
    await world.nyms.query(`UPDATE signals.sets SET token = (SELECT token FROM signals.sets LIMIT 1) || 'x' WHERE jti = $1`, [
      jti,
    ]);
    await runEpoch(correlator, witness);
    expect(world.totals()).toEqual({});
    expect(witness.log.map(({ name }) => name)).toContain('hub-objected');
  });

  it('objects to a decision that no moderator has signed', async () => {
    const { correlator, first, witness, world } = at;
    const held = await world.signal(0, first.uri, abuseReport, other);
    await runEpoch(correlator, witness);
    await world.decide('release-signal', 0, held, world.selectorKey);
    await runEpoch(correlator, witness);
    expect(world.totals()).toEqual({});
    expect(witness.log).toContainEqual({ name: 'hub-objected', fields: { epoch: 2, hub: hubId(0), objections: 1 } });
  });

  it('objects to a decision on a SET that is another one than when it arrived, however late', async () => {
    const { correlator, first, second, witness, world } = at;
    const held = await world.signal(0, first.uri, abuseReport, other);
    for (let i = 0; i <= world.policy.windowEpochs; i++) await runEpoch(correlator, witness);
    // a hostile nyms puts another signed token of the hub under the same jti, and lets the moderator release the first
    const { rows } = await world.nyms.query<{ id: Buffer }>('DELETE FROM signals.sets WHERE jti = $1 RETURNING id', [held]);
    expect(rows).toHaveLength(1);
    await world.signal(0, second.uri, abuseReport, verified, { jti: held });
    await world.nyms.query("UPDATE signals.sets SET state = 'held' WHERE jti = $1", [held]);
    await world.decide('release-signal', 0, held);
    await runEpoch(correlator, witness);
    expect(world.totals()).toEqual({});
    expect(witness.log.filter(({ name }) => name === 'hub-objected')).toHaveLength(1);
  });

  it('counts a signal that is released late from then on', async () => {
    const { correlator, first, witness, world } = at;
    const held = await world.signal(0, first.uri, abuseReport, other);
    for (let i = 0; i <= world.policy.windowEpochs; i++) await runEpoch(correlator, witness);
    await world.decide('release-signal', 0, held);
    await runEpoch(correlator, witness);
    expect(world.totals()).toEqual({ [`0 ${hubId(0)}`]: { 5: 48 } });
  });

  it('tells that a verified SET has vanished, and goes on without it', async () => {
    const { correlator, first, witness, world } = at;
    const jti = await world.signal(0, first.uri, abuseReport, verified);
    await world.signal(1, first.uri, kick, { by: 'hub' });
    await runEpoch(correlator, witness);
    await world.nyms.query('DELETE FROM signals.sets WHERE jti = $1', [jti]);
    await runEpoch(correlator, witness);
    expect(witness.log).toContainEqual({ name: 'sets-vanished', fields: { epoch: 2, count: 1 } });
    expect(world.totals()).toEqual({ [`0 ${hubId(1)}`]: { 5: 24 } });
  });

  it('does not attest while a stored SET is left out of the manifests, and does once it is in', async () => {
    const { correlator, first, witness, world } = at;
    await runEpoch(correlator, witness);
    const late = await world.signal(0, first.uri, kick, { by: 'hub' });
    await witness.memory.noteStored();
    const move = (day: number) => world.nyms.query('UPDATE signals.sets SET received_day = $2 WHERE jti = $1', [late, day]);
    await move(0); // closing does not look so far back
    await runEpoch(correlator, witness); // it may just have been missed
    const decided = world.keyholder.submissions.length;
    await runEpoch(correlator, witness);
    expect([world.keyholder.submissions.length, faultsOf(at, 'tree-refused')]).toEqual([decided, ['incomplete', 'incomplete']]);
    await move(20_759);
    await runEpoch(correlator, witness);
    expect(world.totals()).toEqual({ [`0 ${hubId(0)}`]: { 5: 32 } });
  });
});
