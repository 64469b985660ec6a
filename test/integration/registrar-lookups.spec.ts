/** Whose handle it is: for the requester of an approved request, by the key holder's warrant, and for nobody else. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateSealKey, openAnswer } from '#approvals';
import type { SealKeyPair } from '#approvals';
import { canonicalBytes, frame, fromBase64Url, labels, toBase64Url } from '#contracts';
import type { LookupWarrant } from '#contracts';
import { generateSigningKey } from '#platform';
import { startRegistrarWorld } from '../fakes/registrar-world.js';
import type { RegistrarWorld } from '../fakes/registrar-world.js';

let world: RegistrarWorld;
let alice: Uint8Array;
let seal: SealKeyPair;
const requester = generateSigningKey();
const request = toBase64Url(Uint8Array.from(randomBytes(32)));

beforeAll(async () => {
  world = await startRegistrarWorld();
  alice = (await world.enrolled('alice')).handle;
  seal = await generateSealKey();
});
afterAll(() => world.stop());

const warrant = (change: Partial<LookupWarrant> = {}): LookupWarrant => ({
  v: 1,
  keyHolderId: world.keyholder.keyHolderId,
  handle: toBase64Url(alice),
  request,
  requesterKey: toBase64Url(requester.publicKey),
  sealTo: toBase64Url(seal.publicKey),
  expiresAt: '2026-05-05T00:00:00Z',
  ...change,
});
/** Signed by the key holder and by whoever asks. */
const lookup = async (of: LookupWarrant, by = requester, signed: LookupWarrant = of) => ({
  warrant: of,
  warrantSignature: toBase64Url(await world.keyholder.signByRoot(frame(labels.warrant, canonicalBytes(signed)))),
  signature: toBase64Url(by.sign(frame(labels.lookup, canonicalBytes(of)))),
});
const send = (body: object) => world.call('POST', '/v1/handles/lookup', { body });
const accountIn = async (sealed: unknown, key = seal.privateKey) =>
  (await openAnswer(key, fromBase64Url(request), sealed as string)) as { account: string | null } | undefined;

describe('looking up a handle', () => {
  it('tells the requester, and nobody who sees the answer', async () => {
    const { status, body } = await send(await lookup(warrant()));
    expect(status).toBe(200);
    expect(await accountIn(body['sealed'])).toEqual({ account: 'alice' });
    expect(await accountIn(body['sealed'], (await generateSealKey()).privateKey)).toBeUndefined();
    expect(JSON.stringify(body)).not.toContain('alice');
  });

  it('says so in the log, with the digest of the request and without the account', async () => {
    const before = world.lines.length;
    await send(await lookup(warrant()));
    const lines = world.lines.slice(before).filter((line) => line.includes('account-looked-up'));
    expect(lines.length).toBe(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({ event: 'account-looked-up', request, found: true, level: 'warn' });
    expect(lines[0]).not.toContain('alice');
    expect(lines[0]).not.toContain(toBase64Url(alice));
  });

  it('of nobody gives an answer of the same size', async () => {
    const known = await send(await lookup(warrant()));
    const unknown = await send(await lookup(warrant({ handle: toBase64Url(Uint8Array.from(randomBytes(16))) })));
    expect([unknown.status, String(unknown.body['sealed']).length]).toEqual([200, String(known.body['sealed']).length]);
    expect(await accountIn(unknown.body['sealed'])).toEqual({ account: null });
  });

  it('is refused to everybody else, and for everything that was not approved', async () => {
    const stranger = generateSigningKey();
    const good = await lookup(warrant());
    const refused = [
      await lookup(warrant(), stranger),
      { ...good, signature: good.warrantSignature },
      { ...good, warrantSignature: good.signature },
      await lookup(warrant({ handle: toBase64Url(Uint8Array.from(randomBytes(16))) }), requester, warrant()),
      await lookup(warrant({ requesterKey: toBase64Url(stranger.publicKey) }), stranger, warrant()),
      await lookup(warrant({ sealTo: toBase64Url((await generateSealKey()).publicKey) }), requester, warrant()),
      await lookup(warrant({ expiresAt: '2026-05-06T00:00:00Z' }), requester, warrant()),
      await lookup(warrant({ keyHolderId: 'kh-2' })),
      { ...good, warrantSignature: toBase64Url(Uint8Array.from(randomBytes(64))) },
    ];
    for (const body of refused) expect(await send(body)).toMatchObject({ status: 403, body: { type: '/errors/not-permitted' } });
  });

  it('ends with the request', async () => {
    const body = await lookup(warrant());
    world.clock.advanceMs(12 * 3_600_000);
    expect((await send(body)).status).toBe(403);
    world.clock.advanceMs(-12 * 3_600_000);
    expect((await send(body)).status).toBe(200);
  });
});
