/**
 * What a stream says of itself (SSF 1.0 §8.1.4, §8.1.5), and its status. These events go before all others, and also while the stream is
 * paused. Paused holds what is queued, disabled drops it. A pause of our own ends when the endpoint takes the news of it.
 */
import { Inject, Injectable } from '@nestjs/common';
import { streamEventTypes } from '#contracts';
import type { SigningAlgorithm, StreamStatus } from '#contracts';
import { PrismaClient } from '#db/nyms';
import type { Prisma } from '#db/nyms';
import { Clock } from '#platform';
import { PolicyStore } from '#policy';
import { freshId, streamEventClaims } from '../notices/notice.js';
import { SetKeys } from '../notices/set-keys.js';

/** Of events about itself that a stream does not take, the newest. */
const MOST_KEPT = 100;

interface Addressee {
  readonly id: string;
  readonly hub: string;
  readonly alg: SigningAlgorithm;
}

@Injectable()
export class StreamEvents {
  constructor(
    private readonly database: PrismaClient,
    private readonly keys: SetKeys,
    @Inject(PolicyStore) private readonly policies: Pick<PolicyStore, 'live'>,
    private readonly clock: Clock,
  ) {}

  async queue(stream: Addressee, kind: keyof typeof streamEventTypes, payload: object): Promise<void> {
    await this.add(this.database, stream, kind, payload);
  }

  /** @param by whose word it is: a hub's pause is the hub's to end */
  async setStatus(id: string, status: StreamStatus, reason: string | undefined, by: 'hub' | 'transmitter'): Promise<void> {
    await this.database.$transaction(async (tx) => {
      const [before] = await tx.$queryRaw<(Addressee & { status: string; by: string })[]>`
        SELECT id, hub, alg, status, status_by AS by FROM streams.streams WHERE id = ${id} FOR UPDATE`;
      if (!before || (by === 'transmitter' && before.by === 'hub' && before.status !== 'enabled')) return;
      const resumes = status === 'enabled';
      await tx.stream.update({
        where: { id },
        data: {
          status,
          reason: reason ?? null,
          statusBy: by,
          ...(resumes && { failures: 0, failingSince: null, lastFailure: null, nextAttemptAt: null }),
        },
      });
      if (by === 'transmitter' || (resumes && before.status === 'paused' && before.by === 'transmitter'))
        await this.add(tx, before, 'streamUpdated', { status, ...(reason !== undefined && { reason }) });
      if (status === 'disabled' || before.status === 'disabled')
        await tx.$executeRaw`
          WITH gone AS (DELETE FROM streams.queue WHERE stream_id = ${id} AND uri <> '' RETURNING stream_id, jti, event)
          INSERT INTO streams.log (stream_id, jti, event, outcome, day) SELECT stream_id, jti, event, 'dropped', ${this.clock.today()} FROM gone`;
    });
  }

  private async add(
    database: Pick<Prisma.TransactionClient, '$executeRaw'>,
    { id, hub, alg }: Addressee,
    kind: keyof typeof streamEventTypes,
    payload: object,
  ): Promise<void> {
    const jti = freshId();
    const { audience: iss } = this.policies.live().document;
    const token = this.keys.sign(alg, streamEventClaims({ iss, aud: hub }, id, jti, kind, payload, this.clock.now()));
    await database.$executeRaw`
      INSERT INTO streams.queue (jti, stream_id, uri, seq, event, token, hour)
      SELECT ${jti}, ${id}, '', coalesce(max(seq) + 1, 0), ${streamEventTypes[kind]}, ${token}, 0
      FROM streams.queue WHERE stream_id = ${id} AND uri = ''`;
    await database.$executeRaw`
      DELETE FROM streams.queue WHERE stream_id = ${id} AND uri = '' AND seq <= (
        SELECT max(seq) FROM streams.queue WHERE stream_id = ${id} AND uri = '') - ${MOST_KEPT}`;
  }
}
