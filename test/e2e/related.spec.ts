/**
 * Related accounts as the people of a case live through it, at the command line of a running service: one pseudonym is named, the registrar finds
 * who has an e-mail address or phone number in common, and nothing shows on either side before a batch is full.
 */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { NymtallyClient } from '#client-sdk';
import { pseudonymUri } from '#contracts';
import type { HubClient } from '#hub-sdk';
import { Provider } from './bad-input/provider.js';
import { ctlAt, succeeded } from './ctl.js';
import { signedAct } from './reference-hub/act.js';

jest.setTimeout(180_000);

const ofCase = ['--case', '2026-0042', '--reason', 'one person, many accounts'] as const;
const address = 'ann.of.many@mail.example';
const number = '+4930901820477';

interface Person {
  readonly client: NymtallyClient;
  readonly uris: readonly string[];
}

describe('accounts related to the one behind a pseudonym', () => {
  let provider: Provider;
  let hub: HubClient;
  let named: Person;
  let byMail: Person;
  let byPhone: Person;
  let strangers: Person[];
  let proposal: string;
  /** All that people were shown. */
  const shown: string[] = [];
  const ctl = ctlAt(() => provider.stack);

  const person = async (subject: string, pseudonyms: number, claims: Record<string, unknown> = {}): Promise<Person> => {
    const client = provider.client(subject, { accessToken: () => provider.stack.issuer.mint(subject, { claims }) });
    await client.enrol();
    await client.takeTickets(pseudonyms);
    return { client, uris: await provider.mint(client, pseudonyms) };
  };
  const isSuspended = async ({ client }: Person) => (await client.standing()).standing === 'suspended';
  const active = async ({ uris }: Person) => {
    const told = await Promise.all(uris.map((uri) => hub.isActive(uri)));
    return told.filter((one) => one).length;
  };
  /** Two others that a moderator suspends, or one. */
  const others = async (count: number) => {
    for (const { uris } of strangers.splice(0, count)) {
      const body = signedAct(provider.stack, 'suspend', pseudonymUri.parse(uris[0]));
      expect((await provider.json('nyms', '/v1/moderation/pseudonyms', body)).status).toBe(200);
    }
  };
  /** Asked for by one lead, approved by two. @returns all that the three have read, and the request's id */
  const approved = async (...ask: string[]) => {
    const asked = await succeeded(ctl('request', ...ask, ...ofCase, '--as', 'lead-1'));
    const id = /`ctl approve (\S+)`/.exec(asked)![1]!;
    const read = [asked];
    for (const lead of ['lead-2', 'lead-3']) read.push(await succeeded(ctl('approve', id, '--yes', '--as', lead)));
    shown.push(...read);
    return { id, read };
  };

  beforeAll(async () => {
    provider = await Provider.start((document) => ({
      ...document,
      release: { batch: 3, maxDelaySeconds: 3 * 86_400, minAgeDays: 0 },
    }));
    hub = provider.hub();
    const mail = { email: address.toUpperCase(), email_verified: true };
    named = await person('ann', 2, { ...mail, phone_number: number, phone_number_verified: true });
    byMail = await person('bea', 2, { ...mail, email: address });
    byPhone = await person('cem', 1, { phone_number: '+49 (30) 9018-20477', phone_number_verified: true });
    strangers = [];
    for (let i = 0; i < 4; i++) strangers.push(await person(`stranger-${i}`, 1, { email: address, email_verified: false }));
  });
  afterAll(() => provider?.stop());

  it('are asked for by one pseudonym, with a word and no number', async () => {
    const { id, read } = await approved('related', named.uris[0]!, '--remedy', 'suspend');
    for (const text of read) expect(text).toMatch(/^undone +a suspension by a reinstatement/m);
    expect(read.join('\n')).not.toMatch(/^accounts: /m);
    expect(await succeeded(ctl('request', 'execute', id, '--as', 'lead-1'))).toBe('done\n');
    expect(await succeeded(ctl('case', 'proposals', '--as', 'lead-1'))).toBe('nothing was found\n');
    expect([await isSuspended(named), await active(named)]).toEqual([false, 2]); // no batch is full
  });

  it('are found when a full batch names that account, and shown as few', async () => {
    await others(2);
    await provider.until(() => isSuspended(named));
    await provider.until(async () => (await active(named)) === 0);
    await provider.until(async () => (await provider.rows('keyholder', 'SELECT 1 FROM keyholder.proposals')).length > 0);
    const output = await succeeded(ctl('case', 'proposals', '--as', 'lead-2'));
    proposal = /[\w-]{43}/.exec(output)![0];
    expect(output).toMatch(new RegExp(`${proposal} +│ +1 +│ +suspend +│ +fewer than 10`));
  });

  it('take another request, whose readers are told how many only from ten on; then nothing shows before a batch is full', async () => {
    const { id, read } = await approved('accounts', proposal, '--remedy', 'suspend');
    for (const text of read) expect(text).toMatch(/^accounts: fewer than 10 of batch 1, in force in a full release batch$/m);
    expect(await succeeded(ctl('request', 'execute', id, '--as', 'lead-1'))).toBe('done\n');
    expect(await provider.rows('keyholder', 'SELECT 1 FROM keyholder.account_orders')).toHaveLength(2);
    for (const [one, pseudonyms] of [
      [byMail, 2],
      [byPhone, 1],
    ] as const)
      expect([await isSuspended(one), await active(one)]).toEqual([false, pseudonyms]);
  });

  it('are suspended in it with all their pseudonyms, and nobody else is', async () => {
    await others(1);
    for (const one of [byMail, byPhone]) {
      await provider.until(() => isSuspended(one));
      await provider.until(async () => (await active(one)) === 0);
    }
    expect(await isSuspended(strangers[0]!)).toBe(false);
    expect(await active(strangers[0]!)).toBe(1);
  });

  it('leave no contact anywhere, no mark of one outside the registrar, and no handle in what people read', async () => {
    const accounts = await provider.rows<{ handle: Buffer; email_mark: Buffer | null; phone_mark: Buffer | null }>(
      'registrar',
      'SELECT handle, email_mark, phone_mark FROM registrar.accounts',
    );
    const marks = accounts.flatMap((row) => [row.email_mark, row.phone_mark].flatMap((mark) => mark ?? []));
    expect(marks.length).toBe(4);
    const log = await succeeded(ctl('audit', 'tail', '--lines', '200', '--json'));
    for (const { handle } of accounts)
      for (const text of [log, ...shown]) expect(text).not.toContain(handle.toString('base64url'));
    for (const name of ['registrar', 'nyms', 'keyholder', 'correlator', 'witness'] as const) {
      const lines = provider.stack.processes[name].output();
      expect(lines).not.toMatch(/ann\.of\.many|901820477|mail\.example/i);
      for (const mark of marks)
        for (const as of ['hex', 'base64', 'base64url'] as const) expect(lines).not.toContain(mark.toString(as));
    }
  });
});
