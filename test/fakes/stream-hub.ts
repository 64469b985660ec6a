/** A hub that has a stream: asks nyms as any SSF receiver would, and verifies what it is sent. */
import { randomBytes } from 'node:crypto';
import { createLocalJWKSet, jwtVerify } from 'jose';
import type { JSONWebKeySet } from 'jose';
import type { DueChange } from '#contracts';
import { PrismaClient } from '#db/nyms';
import type { Changed } from '../../apps/nyms/src/enforcement/enforcement.js';
import { RevocationsRepository } from '../../apps/nyms/src/enforcement/revocations.repository.js';
import type { Change } from '../../apps/nyms/src/streams/notices/notice.js';
import { Notices } from '../../apps/nyms/src/streams/notices/notices.repository.js';
import { DeliveryWake } from '../../apps/nyms/src/streams/delivery/delivery-wake.js';
import { AUDIENCE, DOMAIN } from './nyms-world.js';
import type { NymsWorld, TestHub } from './nyms-world.js';

export const POLL = 'urn:ietf:rfc:8936';
export const REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/credential-change';
export const DISABLED = 'https://schemas.openid.net/secevent/risc/event-type/account-disabled';
export const VERIFICATION = 'https://schemas.openid.net/secevent/ssf/event-type/verification';
export const UPDATED = 'https://schemas.openid.net/secevent/ssf/event-type/stream-updated';

export interface ReceivedSet {
  readonly jti: string;
  readonly iat: number;
  readonly txn: string;
  readonly sub_id: Readonly<Record<string, string>>;
  readonly events: Readonly<Record<string, Record<string, unknown>>>;
  readonly [claim: string]: unknown;
}

interface More {
  readonly body?: unknown;
  readonly token?: string | undefined;
  readonly headers?: Record<string, string>;
}

/** Calls of one hub, with a token of its own unless another is given; `token: ''` sends none. */
export function streamHub(world: NymsWorld, hub: TestHub) {
  const call = async (method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', where: string, more: More = {}) => {
    const token = more.token ?? (await world.issuer.token(hub.entry.id));
    return world.call(method, where, {
      ...(more.body !== undefined && { body: more.body }),
      headers: { ...(token && { authorization: `Bearer ${token}` }), ...more.headers },
    });
  };
  return {
    call,
    async create(body: object = {}): Promise<string> {
      const made = await call('POST', '/v1/streams', { body });
      if (made.status !== 201) throw new Error(`the stream was not made: ${made.text}`);
      return made.body['stream_id'] as string;
    },
    add: (stream: string, uri: string) =>
      call('POST', '/v1/streams/subjects/addition', { body: { stream_id: stream, subject: { format: 'uri', uri } } }),
    poll: (stream: string, body: object = {}) =>
      call('POST', `/v1/streams/poll/${stream}`, { body: { returnImmediately: true, ...body } }),
    /** Until there is nothing more, acknowledging everything. */
    async drain(stream: string): Promise<ReceivedSet[]> {
      const received: ReceivedSet[] = [];
      for (let ack: string[] = []; ;) {
        const { body } = await this.poll(stream, { ack, maxEvents: 1_000 });
        const sets = Object.entries(body['sets'] as Record<string, string>);
        if (sets.length === 0) return received;
        for (const [, token] of sets) received.push(await verified(world, hub, token));
        ack = sets.map(([jti]) => jti);
      }
    },
  };
}

/** As a receiver of SSF 1.0 §4 must. */
export async function verified(world: NymsWorld, hub: TestHub, token: string): Promise<ReceivedSet> {
  const { body } = await world.call('GET', '/.well-known/jwks.json');
  const { payload } = await jwtVerify(token, createLocalJWKSet(body as unknown as JSONWebKeySet), {
    typ: 'secevent+jwt',
    issuer: AUDIENCE,
    audience: hub.entry.id,
    currentDate: world.clock.now(),
  });
  if ('sub' in payload || 'exp' in payload) throw new Error('a SET has no sub and no exp');
  return payload as unknown as ReceivedSet;
}

/** Pseudonyms that were minted some time ago. */
export async function pseudonyms(world: NymsWorld, count: number): Promise<{ uri: string; selectorId: Uint8Array }[]> {
  const made = Array.from({ length: count }, () => ({
    uri: `mimi://${DOMAIN}/p/${randomBytes(13).toString('hex')}`,
    selectorId: Uint8Array.from(randomBytes(16)),
  }));
  const uris = made.map(({ uri }) => uri);
  await world.query(
    `INSERT INTO pseudonyms.pseudonyms (uri, subject, salt, spki, expiry_day)
     SELECT uri, sha256(uri::bytea), '', '', $2 FROM unnest($1::text[]) AS uri`,
    [uris, world.clock.today() + 60],
  );
  await world.query(
    `INSERT INTO pseudonyms.selectors (selector_id, uri, key_epoch, cohort, period, expiry_day, bytes, signature)
     SELECT decode(id, 'hex'), uri, 1, 1, 1, $3, '', '' FROM unnest($1::text[], $2::text[]) AS p(uri, id)`,
    [uris, made.map(({ selectorId }) => Buffer.from(selectorId).toString('hex')), world.clock.today() + 60],
  );
  return made;
}

export async function revoke(world: NymsWorld, some: readonly { selectorId: Uint8Array }[]): Promise<number> {
  return (await become(world, some, 'revoked')).revoked;
}

export const become = (world: NymsWorld, some: readonly { selectorId: Uint8Array }[], change: DueChange): Promise<Changed> =>
  world.app.get(RevocationsRepository).apply(some.map(({ selectorId }) => ({ selectorId, change })));

/** Changes that nyms makes elsewhere, of one pseudonym or of several together. */
export const told = (world: NymsWorld, uris: string | readonly string[], change: Change): Promise<number> =>
  world.app.get(PrismaClient).$transaction((tx) =>
    world.app.get(Notices).tell(
      tx,
      [uris].flat().map((uri) => ({ uri, change })),
    ),
  );

/** What the sweep of every second does, now. */
export const look = (world: NymsWorld): Promise<void> => world.app.get(DeliveryWake).now();

export async function until<T>(find: () => T | Promise<T>, ms = 20_000): Promise<NonNullable<T>> {
  for (const end = performance.now() + ms; performance.now() < end;) {
    const found = await find();
    if (found) return found as NonNullable<T>;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('it did not happen');
}
