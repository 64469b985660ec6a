/** A temporary suspension as its moderator, its account holder and a hub live through it: the whole service, with a clock that is moved. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { NymtallyClient } from '#client-sdk';
import type { HubClient } from '#hub-sdk';
import { Provider } from './bad-input/provider.js';
import { approvedBy, ctlAt, succeeded } from './ctl.js';

jest.setTimeout(120_000);

const why = ['--case', '2026-0042', '--reason', 'spam run'] as const;

describe('a suspension for three days', () => {
  let provider: Provider;
  let person: NymtallyClient;
  let hub: HubClient;
  let named: string;
  let sibling: string;
  const ctl = ctlAt(() => provider.stack);

  beforeAll(async () => {
    provider = await Provider.start((document) => document);
    person = await provider.person(3);
    [named, sibling] = (await provider.mint(person, 2)) as [string, string];
    hub = provider.hub();
  });
  afterAll(() => provider?.stop());

  const later = async (days: number) => {
    for (const name of ['keyholder', 'nyms'] as const) {
      await provider.stack.processes[name].kill();
      await provider.stack.restart(name, { [`${name.toUpperCase()}_CLOCK_OFFSET_DAYS`]: String(days) });
    }
  };
  const flags = () =>
    provider.rows<{ uri: string; disabled: boolean; revoked: boolean }>(
      'nyms',
      'SELECT uri, disabled, revoked FROM pseudonyms.pseudonyms WHERE disabled OR revoked',
    );

  it('is asked for in whole days, no more than there may be', async () => {
    const ask = (days: string) => ctl('pseudonym', 'suspend', named, '--days', days, ...why);
    for (const days of ['0', '91', '1.5', 'three'])
      expect(await ask(days)).toMatchObject({ code: 1, output: expect.stringContaining('is no term') });
    expect(await succeeded(ask('3'))).toMatch(/^accepted, receipt [\w-]{86}\n$/);
  });

  it('takes the pseudonym out of use and stops new ones; its sibling stays', async () => {
    await provider.until(async () => (await flags()).length === 1);
    expect(await flags()).toEqual([{ uri: named, disabled: true, revoked: false }]);
    const { id } = await person.prepare({ immediately: true });
    expect((await person.redeem(id)).outcome).not.toBe('minted');
    expect([await hub.isActive(named), await hub.isActive(sibling)]).toEqual([false, true]);
  });

  it('holds through kill −9, and ends by itself on its day', async () => {
    await later(2);
    expect((await flags()).map(({ uri }) => uri)).toEqual([named]);
    await later(3);
    await provider.until(async () => (await flags()).length === 0);
    await later(0); // hub and ctl live in the present
    expect([await hub.isActive(named), await hub.isActive(sibling)]).toEqual([true, true]);
    expect(await provider.rows('keyholder', 'SELECT 1 FROM keyholder.standings')).toEqual([]);
    for (const app of ['registrar', 'nyms', 'keyholder'] as const) expect(JSON.stringify(provider.log(app))).not.toContain(named);
  });

  it('is followed, where people agree on it, by an end of everything at once', async () => {
    const ask = ['request', 'expedite', named, '--case', '2026-0043', '--reason', 'threat to life'];
    const id = await approvedBy(ctl, ['lead-1', 'lead-2', 'lead-3'], ask);
    await succeeded(ctl('request', 'execute', id, '--as', 'lead-1'));
    await provider.until(async () => (await flags()).filter(({ revoked }) => revoked).length === 2);
    expect([await hub.isActive(named), await hub.isActive(sibling)]).toEqual([false, false]);
  });
});
