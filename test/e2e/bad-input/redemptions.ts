/** Tickets that must not become pseudonyms, redeemed at a running service by clients that do it wrong on purpose. */
import { createPrivateKey, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { NymtallyClient } from '#client-sdk';
import { concat, dayOf, frame, fromBase64Url, labels, toBase64Url } from '#contracts';
import type { Handle } from '#contracts';
import { generateSigningKey } from '#platform';
import type { SigningKey } from '#platform';
import {
  generateClientKey,
  importClientSigner,
  importSigner,
  issueTicket,
  openReason,
  possessionMessage,
  signRedeem,
  subjectOf,
  ticketIssuer,
  wrapTicket,
} from '#tickets';
import type { Signer } from '#tickets';
import type { Answer, Provider } from './provider.js';
import { expectProblem, expectRefusal } from './shapes.js';

interface Attempt {
  readonly body: Record<string, string>;
  readonly reasonKey: Uint8Array;
}

const pkcs8 = (key: SigningKey) => new Uint8Array(createPrivateKey(key.toPem()).export({ format: 'der', type: 'pkcs8' }));
const kidAt = 1;
const jtiAt = 9;
const notAfterAt = 25;
const signatureLength = 64;

export function badRedemptions(provider: () => Provider): void {
  describe('a ticket', () => {
    let client: NymtallyClient;
    let holder: Signer;
    let handle: Handle;
    let keyHolderId: string;
    let refusedBefore: number;

    beforeAll(async () => {
      client = await provider().person(5);
      holder = await importSigner(fromBase64Url(client.state.holderKey!));
      keyHolderId = (JSON.parse(provider().config('keyholder-public.json')) as { keyHolderId: string }).keyHolderId;
      const rows = await provider().rows<{ handle: Buffer }>(
        'registrar',
        'SELECT handle FROM registrar.accounts WHERE holder_key = $1',
        [holder.publicKey],
      );
      handle = new Uint8Array(rows[0]!.handle) as Handle;
      refusedBefore = (await pseudonyms()).length;
    });

    const pseudonyms = () => provider().rows('nyms', 'SELECT 1 FROM pseudonyms.pseudonyms');
    const unused = () => fromBase64Url(client.state.tickets.pop()!);
    const today = () => dayOf(new Date());
    const redeem = ({ body }: Attempt) => provider().json('nyms', '/v1/pseudonyms', body);
    const reasonOf = async ({ text }: Answer, { reasonKey }: Attempt) =>
      openReason(reasonKey, fromBase64Url((JSON.parse(text) as { sealedReason: string }).sealedReason));

    /** Signed and sealed by the keys of the service itself, as far as `change` leaves them. */
    async function made(change: { key?: SigningKey; keyHolderId?: string; day?: number; handle?: Handle } = {}) {
      const { keys } = provider().stack;
      const issuer = await ticketIssuer({
        keyHolderId: change.keyHolderId ?? keyHolderId,
        signingKey: pkcs8(change.key ?? keys.ticket.key),
        sealKey: fromBase64Url(readFileSync(keys.sealKeyFile, 'utf8').trim()),
      });
      return issueTicket(issuer, change.handle ?? handle, change.day ?? today());
    }

    /** Changed, and signed again as the registrar would. */
    function marked(ticket: Uint8Array, at: number, bytes: Uint8Array): Uint8Array {
      const head = ticket.slice(0, ticket.length - signatureLength);
      head.set(bytes, at);
      return concat(head, provider().stack.keys.ticket.key.sign(frame(labels.ticket, head)));
    }
    async function attempt(ticket: Uint8Array, signer = holder): Promise<Attempt> {
      const { pkcs8: secret, spki } = await generateClientKey('Ed25519');
      const key = await importClientSigner(secret, spki);
      const { domain } = provider().stack.policy();
      const name = randomBytes(13).toString('hex');
      const [uri, clientUri] = [`mimi://${domain}/p/${name}`, `mimi://${domain}/d/${name}/${randomUUID()}`];
      const salt = new Uint8Array(randomBytes(16));
      const subject = await subjectOf(salt, uri, spki);
      const redeem = await signRedeem(signer, ticket.slice(jtiAt, notAfterAt), subject);
      const list = JSON.parse((await provider().call('nyms', '/v1/day-list', { method: 'GET' })).text) as {
        body: { hpke: { kid: string; key: string } };
      };
      const { wrapped, reasonKey } = await wrapTicket(list.body.hpke, ticket, redeem, subject);
      const proof = await key.sign(await possessionMessage(uri, clientUri, spki));
      const body = { wrapped, salt, publicKey: spki, proof };
      const texts = Object.fromEntries(Object.entries(body).map(([field, bytes]) => [field, toBase64Url(bytes)]));
      return { body: { ...texts, uri, clientUri }, reasonKey };
    }

    const changedBytes = (text: string, change: (bytes: Uint8Array) => Uint8Array) => toBase64Url(change(fromBase64Url(text)));
    const flipped = (at: number) => (bytes: Uint8Array) => {
      const other = bytes.slice();
      other[at] = other[at]! ^ 1;
      return other;
    };

    it.each<[string, string | undefined, () => Promise<Uint8Array>]>([
      ['expired', 'ticket-expired', () => made({ day: today() - 8 })],
      ['forged', 'stale-day-list', () => made({ key: generateSigningKey() })],
      ['sealed for another key holder', undefined, () => made({ keyHolderId: 'another' })],
      ['of an account that nobody enrolled', undefined, () => made({ handle: new Uint8Array(randomBytes(16)) as Handle })],
      ['marked by an odd kid', 'stale-day-list', async () => marked(await made(), kidAt, Uint8Array.of(1, 2, 3))],
      ['marked by a last day of its own', undefined, async () => marked(await made(), notAfterAt, Uint8Array.of(0, 1, 0, 0))],
      ['of another version', undefined, async () => marked(await made(), 0, Uint8Array.of(2))],
      ['with a flipped bit', undefined, async () => flipped(30)(await made())],
    ])('%s gives nothing, and tells its own client at most: %s', async (_, reason, ticket) => {
      const one = await attempt(await ticket());
      const answer = await redeem(one);
      expectRefusal(answer);
      expect(await reasonOf(answer, one)).toBe(reason);
    });

    it('that was used gives nothing more, in the same bytes the same pseudonym, in others only "spent"', async () => {
      const ticket = unused();
      const first = await attempt(ticket);
      expect([(await redeem(first)).status, (await redeem(first)).status]).toEqual([201, 201]);
      const second = await attempt(ticket);
      const answer = await redeem(second);
      expectRefusal(answer);
      expect(await reasonOf(answer, second)).toBe('spent');
    });

    it('on a way that is broken is refused, and is not spent by that', async () => {
      const whole = await attempt(unused());
      const { wrapped, salt, uri, clientUri } = whole.body as Record<'wrapped' | 'salt' | 'uri' | 'clientUri', string>;
      const broken: Record<string, string>[] = [
        { wrapped: changedBytes(wrapped, (bytes) => bytes.slice(0, -1)) },
        { wrapped: changedBytes(wrapped, (bytes) => bytes.slice(0, 40)) },
        { wrapped: changedBytes(wrapped, (bytes) => concat(bytes, Uint8Array.of(0))) },
        { wrapped: changedBytes(wrapped, flipped(0)) },
        { wrapped: changedBytes(wrapped, flipped(20)) },
        { wrapped: changedBytes(wrapped, flipped(250)) },
        { wrapped: '' },
        { salt: changedBytes(salt, flipped(3)) }, // another subject than it was wrapped for
      ];
      for (const change of broken) expectRefusal(await redeem({ ...whole, body: { ...whole.body, ...change } }));
      const elsewhere = { uri: uri.replace('/p/', '/p/x'), clientUri: clientUri.replace('/d/', '/d/x') };
      expectProblem(await redeem({ ...whole, body: { ...whole.body, ...elsewhere } }), 400, 'request-malformed');
      expectProblem(await redeem({ ...whole, body: { ...whole.body, more: 'of it' } }), 400, 'request-malformed');
      expect((await redeem(whole)).status).toBe(201);
    });

    it('without the holder key gives nothing, and is spent', async () => {
      const ticket = unused();
      const stolen = await attempt(ticket, await importSigner(pkcs8(generateSigningKey())));
      const answer = await redeem(stolen);
      expectRefusal(answer);
      expect(await reasonOf(answer, stolen)).toBeUndefined();
      const own = await attempt(ticket);
      expect(await reasonOf(await redeem(own), own)).toBe('spent');
    });

    it('makes one pseudonym each, and the refused ones none', async () => {
      expect(await pseudonyms()).toHaveLength(refusedBefore + 2);
      const [row] = await provider().rows<{ live: number }>(
        'keyholder',
        'SELECT sum(count)::int AS live FROM keyholder.live_counts WHERE handle = $1',
        [handle],
      );
      expect(row?.live).toBe(2);
    });

    it('that differs from everybody’s is noticed by the client, which keeps none of them', async () => {
      const day = today();
      const odd = [
        marked(await made(), notAfterAt, new Uint8Array(new Uint32Array([day]).buffer)),
        await made({ key: generateSigningKey() }),
        concat(await made(), Uint8Array.of(0)),
      ];
      for (const ticket of odd) {
        const fetchOdd = (async () =>
          new Response(JSON.stringify({ tickets: [toBase64Url(ticket)] }), {
            headers: { 'content-type': 'application/json' },
          })) as typeof fetch;
        const victim = provider().client('account-1', { state: client.state, fetch: { registrar: fetchOdd } });
        const before = victim.state.tickets.length;
        await expect(victim.takeTickets(1)).rejects.toMatchObject({ code: 'ticket-refused' });
        expect(victim.state.tickets).toHaveLength(before);
      }
    });
  });
}
