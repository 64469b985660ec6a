/**
 * A hub in quarantine, through the command line and a running service: what it says is stored and suspends nobody, until it is released; then
 * everything counts at the next tally. Afterwards moderators say who was right.
 */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventTypes } from '#contracts';
import { Provider } from './bad-input/provider.js';
import { approvedBy, ctlAt, succeeded } from './ctl.js';

jest.setTimeout(300_000);

const hostile = 0;
const others = [1, 2] as const;
const verified = { [eventTypes.abuseReport]: { reason: 'spam', hubVerified: true } };

describe('a hub in quarantine', () => {
  let provider: Provider;
  let uri: string;
  let said: string[] = [];
  let saidByAnother: string | undefined;
  const ctl = ctlAt(() => provider.stack);
  const idOf = (hub: number) => provider.stack.keys.hubs[hub]!.id;

  beforeAll(async () => {
    provider = await Provider.start((document) => ({
      ...document,
      negative: { f: 1, clip: 40, threshold: 60 },
      revocation: { tickSeconds: 0.1, meanTicks: 2, limitTicks: 8, framePerTick: 32 },
    }));
    [uri = ''] = await provider.mint(await provider.person(1), 1);
  });
  afterAll(() => provider?.stop());

  /** Asked for, approved, live, and followed by everybody. */
  const move = async (how: 'quarantine' | 'release') => {
    const command = ['hub', how, idOf(hostile)];
    await approvedBy(ctl, ['operator-1', 'operator-2'], [...command, '--case', 'incident-8', '--reason', 'its keys were stolen']);
    await succeeded(ctl(...command, '--as', 'operator-1'));
    const { version } = provider.stack.policy();
    for (const name of ['nyms', 'correlator', 'witness'] as const)
      await provider.until(async () =>
        provider.log(name).some((line) => line.event === 'policy-live' && line.version === version),
      );
  };
  /** All that a hub may say of one pseudonym. */
  const report = async (hub: number, about: string) => {
    const jtis: string[] = [];
    for (let i = 0; i < 4; i++) jtis.push(await provider.tell(hub, about, verified));
    return jtis;
  };
  const isRevoked = async () => {
    const [row] = await provider.rows<{ revoked: boolean }>('nyms', 'SELECT revoked FROM pseudonyms.pseudonyms WHERE uri = $1', [
      uri,
    ]);
    return row!.revoked;
  };
  /** An epoch needs something new. */
  const decided = async () => {
    const [bystander = ''] = await provider.mint(await provider.person(1), 1);
    for (const hub of others) await provider.tell(hub, bystander, verified);
    expect((await provider.closeEpoch()).state).toBe('decided');
  };
  const standings = () => provider.rows('keyholder', 'SELECT * FROM keyholder.standings');

  it('says what it likes and is stored, and suspends nobody', async () => {
    await move('quarantine');
    said = await report(hostile, uri);
    for (const hub of others) [saidByAnother] = await report(hub, uri);
    await decided();
    expect(await standings()).toEqual([]);
    expect(await succeeded(ctl('top'))).toMatch(new RegExp(`${idOf(hostile)} +│ +4 .*quarantined`));
  });

  it('counts again once it is released, with what it said meanwhile', async () => {
    expect((await ctl('hub', 'quarantine', idOf(hostile))).output).toContain('is quarantined in version');
    const dry = await succeeded(ctl('hub', 'release', idOf(hostile), '--dry-run', '--as', 'operator-1'));
    expect(dry).toContain(`4 signals of ${idOf(hostile)} in the window`);
    await move('release');
    await decided();
    await provider.until(isRevoked);
  });

  it('undoes no standing when it is put there later', async () => {
    await move('quarantine');
    await decided();
    expect([(await standings()).length, await isRevoked()]).toEqual([1, true]);
  });

  it('is told by moderators whether it was right, and why the pseudonym was suspended is told coarsely', async () => {
    const because = ['--case', '2026-0042'];
    await succeeded(ctl('signal', 'review', idOf(hostile), said[0]!, '--finding', 'overturned', ...because));
    await succeeded(ctl('signal', 'review', idOf(2), saidByAnother!, '--finding', 'upheld', ...because));
    // that hub has spoken of it, the other one has not, and neither is told of a pseudonym that few spoke of
    for (const hub of [1, 3])
      expect((await ctl('pseudonym', 'review', uri, '--hub', idOf(hub), '--finding', 'upheld', ...because)).code).toBe(1);
    const trust = await succeeded(ctl('hub', 'trust', '--apply-to-draft'));
    expect(trust).toMatch(new RegExp(`${idOf(hostile)} +│ +100 │ +0 │ +1 │ +0 │ 0–80 +│ +100 │ fewer than 20 reviews`));
    expect(trust).toMatch(new RegExp(`${idOf(2)} +│ +100 │ +1 │ +0 │`));
    expect(await succeeded(ctl('pseudonym', 'why', uri, ...because))).toMatch(
      /^few: signals of 3 operators at most, perhaps of none/,
    );
    expect(await succeeded(ctl('hub', 'group'))).toMatch(/operator.*hubs/);
  });
});
