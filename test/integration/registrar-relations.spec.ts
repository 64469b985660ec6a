/** Accounts that have a verified e-mail address or phone number in common: what is kept of it, and what is found when a batch asks. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toBase64Url } from '#contracts';
import { NightlyRewrite } from '../../apps/registrar/src/accounts/nightly-rewrite.js';
import { startRegistrarWorld } from '../fakes/registrar-world.js';
import type { RegistrarWorld } from '../fakes/registrar-world.js';

let world: RegistrarWorld;
let number = 0;
beforeAll(async () => void (world = await startRegistrarWorld()));
afterAll(() => world?.stop());

const email = (address: string, verified = true) => ({ email: address, email_verified: verified });
const phone = (text: string) => ({ phone_number: text, phone_number_verified: true });

/** Enrolled, and then seen with these claims. */
async function person(subject: string, claims: Record<string, unknown>): Promise<Uint8Array> {
  const { handle } = await world.enrolled(subject);
  await seen(subject, claims);
  return handle;
}
async function seen(subject: string, claims: Record<string, unknown>): Promise<void> {
  const token = await world.provider.mint(subject, claims);
  expect((await world.call('POST', '/v1/tickets', { token, body: { count: 1 } })).status).toBe(200);
}
async function found(marked: Uint8Array[], remedy: 'Suspend' | 'Delete' = 'Suspend'): Promise<string[]> {
  number += 1;
  world.keyholder.proposed.length = 0;
  world.keyholder.batches = [{ number, suspend: marked, reinstate: [], [`related${remedy}`]: marked }];
  await world.applyReleases();
  expect(world.keyholder.proposed.length).toBe(1);
  const { batch, handles } = world.keyholder.proposed[0]!;
  expect(batch).toBe(number);
  return handles.map(toBase64Url).sort();
}
const names = (...handles: Uint8Array[]) => handles.map(toBase64Url).sort();

describe('related accounts', () => {
  it('are those with the same verified address or number, however it is written', async () => {
    const marked = await person('a1', { ...email('Ann@Mail.Example'), ...phone('+49 30 1234567') });
    const byMail = await person('a2', email('ann@mail.example'));
    const byPhone = await person('a3', phone('+49301234567'));
    await person('a4', email('ann@mail.example', false));
    await person('a5', { email: 'ann@mail.example' });
    await person('a6', email('bob@mail.example'));
    expect(await found([marked])).toEqual(names(byMail, byPhone));
  });

  it('of nobody are told the same way, as none', async () => {
    expect(await found([await person('b1', {})], 'Delete')).toEqual([]);
  });

  it('are one step away: whom a related one has in common with others is not asked', async () => {
    const marked = await person('c1', email('c@mail.example'));
    const near = await person('c2', { ...email('c@mail.example'), ...phone('+4930000001') });
    await person('c3', phone('+4930000001'));
    expect(await found([marked])).toEqual(names(near));
  });

  it('go by what the last token said', async () => {
    const marked = await person('d1', email('d@mail.example'));
    await person('d2', email('d@mail.example'));
    await seen('d2', email('other@mail.example'));
    const stays = await person('d3', email('d@mail.example'));
    await seen('d3', {});
    await person('d4', email('d@mail.example'));
    await seen('d4', email('d@mail.example', false));
    expect(await found([marked])).toEqual(names(stays));
  });

  it('are kept as hashes under a key, through the nightly rewrite, and go with the account', async () => {
    const marked = await person('e1', email('e@mail.example'));
    const other = await person('e2', email('e@mail.example'));
    const dump = JSON.stringify(await world.query('SELECT * FROM registrar.accounts'));
    expect(dump).not.toContain('mail.example');
    world.clock.advanceDays(1);
    await world.app.get(NightlyRewrite).look();
    expect(await found([marked])).toEqual(names(other));
    world.keyholder.batches = [{ number: ++number, suspend: [], reinstate: [], remove: [other] }];
    await world.applyReleases();
    expect(await found([marked])).toEqual([]);
  });

  it('are told again after a crash or while the key holder was away, and forgotten then', async () => {
    const marked = await person('f1', email('f@mail.example'));
    const other = await person('f2', email('f@mail.example'));
    world.keyholder.proposed.length = 0;
    world.keyholder.batches = [{ number: ++number, suspend: [marked], reinstate: [], relatedSuspend: [marked] }];
    world.keyholder.refusesProposals = true;
    await expect(world.applyReleases()).rejects.toMatchObject({ code: 'service-unavailable' });
    world.keyholder.refusesProposals = false;
    await world.applyReleases();
    expect(world.keyholder.proposed.map(({ handles }) => names(...handles))).toEqual([names(other)]);
    expect(await world.query('SELECT 1 FROM registrar.findings')).toEqual([]);
    expect(world.lines.join('\n')).not.toContain('mail.example');
  });
});
