/**
 * What hubs are still to be told, queued and signed in the transaction that changes a pseudonym: one SET for each stream that has it as a
 * subject and wants the event. SETs about two pseudonyms share no `txn`, no `jti` and no order: rows are written shuffled, under random
 * ids, with the hour and nothing finer. Safe to read for whoever may read revocations; it says nothing of accounts.
 */
import { Inject, Injectable } from '@nestjs/common';
import { noticeTypes } from '#contracts';
import type { NoticeType, SigningAlgorithm } from '#contracts';
import type { Prisma } from '#db/nyms';
import { Clock, shuffled } from '#platform';
import { PolicyStore } from '#policy';
import { freshId, hourOf, noticeClaims, noticesOf } from './notice.js';
import type { Change, ChangedPseudonym } from './notice.js';
import { SetKeys } from './set-keys.js';

export type Transaction = Prisma.TransactionClient;

/** A subject of a stream, as its notices need it. */
export interface Told {
  readonly streamId: string;
  readonly hub: string;
  readonly alg: SigningAlgorithm;
  readonly delivered: readonly string[];
  readonly uri: string;
  readonly format: string;
}

const columns = `s.stream_id AS "streamId", t.hub, t.alg, t.events_delivered AS delivered, s.uri, s.format`;

@Injectable()
export class Notices {
  constructor(
    private readonly keys: SetKeys,
    @Inject(PolicyStore) private readonly policies: Pick<PolicyStore, 'live'>,
    private readonly clock: Clock,
  ) {}

  /**
   * Call it in the transaction that makes the changes, after them. Hubs that did not add a pseudonym are not told of it; a disabled
   * stream gets nothing. @returns how many SETs were queued
   */
  async tell(transaction: Transaction, changes: readonly ChangedPseudonym[]): Promise<number> {
    if (changes.length === 0) return 0;
    const changeOf = new Map(changes.map(({ uri, change }) => [uri, change]));
    const uris = [...changeOf.keys()];
    await transaction.$executeRawUnsafe('DELETE FROM streams.fresh_subjects WHERE uri = ANY($1::text[])', uris);
    const told = await transaction.$queryRawUnsafe<Told[]>(
      `SELECT ${columns} FROM streams.subjects s JOIN streams.streams t ON t.id = s.stream_id
       WHERE s.uri = ANY($1::text[]) AND t.status <> 'disabled'`,
      uris,
    );
    return this.queue(
      transaction,
      told.map((one) => ({ ...one, change: changeOf.get(one.uri)! })),
    );
  }

  /**
   * Subjects that were added since: those that are not active are told of as if they ended now. Revoked, expired, out of use for a term and
   * never there are one to this: it says what a status answer says. One that comes back is told of then. @returns how many were settled
   */
  async tellOfAdded(transaction: Transaction, most: number): Promise<number> {
    const today = this.clock.today();
    // locked ones are being revoked, or are looked at elsewhere: they stay for the next look
    const added = await transaction.$queryRawUnsafe<Told[]>(
      `SELECT ${columns} FROM streams.fresh_subjects f JOIN streams.subjects s USING (stream_id, uri)
       JOIN streams.streams t ON t.id = f.stream_id
       WHERE t.status <> 'disabled' ORDER BY random() LIMIT ${most} FOR UPDATE OF f SKIP LOCKED`,
    );
    if (added.length === 0) return 0;
    const uris = [...new Set(added.map(({ uri }) => uri))];
    const settled = await transaction.$queryRawUnsafe<{ uri: string; active: boolean }[]>(
      `SELECT uri, NOT revoked AND NOT disabled AND expiry_day > $2::int AS active
       FROM pseudonyms.pseudonyms WHERE uri = ANY($1::text[]) FOR SHARE SKIP LOCKED`,
      uris,
      today,
    );
    const known = await transaction.$queryRawUnsafe<{ uri: string }[]>(
      'SELECT uri FROM pseudonyms.pseudonyms WHERE uri = ANY($1::text[])',
      uris,
    );
    const active = new Map(settled.map((row) => [row.uri, row.active]));
    const locked = new Set(known.filter(({ uri }) => !active.has(uri)).map(({ uri }) => uri));
    const ready = added.filter(({ uri }) => !locked.has(uri));
    await transaction.$executeRawUnsafe(
      'DELETE FROM streams.fresh_subjects f USING unnest($1::text[], $2::text[]) AS r(stream_id, uri) WHERE f.stream_id = r.stream_id AND f.uri = r.uri',
      ready.map(({ streamId }) => streamId),
      ready.map(({ uri }) => uri),
    );
    await this.queue(
      transaction,
      (await this.untold(transaction, ready))
        .filter(({ uri }) => active.get(uri) !== true)
        .map((one) => ({ ...one, change: 'revoked' as const })),
    );
    return ready.length;
  }

  /** Without those whose last word in the queue is an end: adding a subject again and again queues nothing more. */
  private async untold(transaction: Transaction, some: readonly Told[]): Promise<Told[]> {
    const told = await transaction.$queryRawUnsafe<{ streamId: string; uri: string }[]>(
      `SELECT r.stream_id AS "streamId", r.uri FROM unnest($1::text[], $2::text[]) AS r(stream_id, uri)
       WHERE (SELECT q.event FROM streams.queue q WHERE q.stream_id = r.stream_id AND q.uri = r.uri AND NOT q.dead
              ORDER BY q.seq DESC LIMIT 1) <> $3`,
      some.map(({ streamId }) => streamId),
      some.map(({ uri }) => uri),
      noticeTypes.accountEnabled,
    );
    const known = new Set(told.map(({ streamId, uri }) => `${streamId} ${uri}`));
    return some.filter(({ streamId, uri }) => !known.has(`${streamId} ${uri}`));
  }

  private async queue(transaction: Transaction, told: readonly (Told & { readonly change: Change })[]): Promise<number> {
    const iss = this.policies.live().document.audience;
    const hour = hourOf(this.clock.now());
    const rows = shuffled(
      told.flatMap(({ streamId, hub, alg, delivered, uri, format, change }) => {
        const txn = freshId();
        const row = (type: NoticeType) => {
          const jti = freshId();
          const claims = noticeClaims({ iss, aud: hub, uri, format, type, jti, txn, hour });
          return { jti, streamId, uri, type, token: this.keys.sign(alg, claims) };
        };
        return noticesOf[change].filter((type) => delivered.includes(type)).map(row);
      }),
    );
    if (rows.length === 0) return 0;
    return transaction.$executeRawUnsafe(
      `INSERT INTO streams.queue (jti, stream_id, uri, seq, event, token, hour)
       SELECT r.jti, r.stream_id, r.uri, coalesce((SELECT max(q.seq) + 1 FROM streams.queue q WHERE q.stream_id = r.stream_id AND q.uri = r.uri), 0),
         r.event, r.token, $6::int
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) AS r(jti, stream_id, uri, event, token)`,
      rows.map(({ jti }) => jti),
      rows.map(({ streamId }) => streamId),
      rows.map(({ uri }) => uri),
      rows.map(({ type }) => type),
      rows.map(({ token }) => token),
      hour,
    );
  }
}
