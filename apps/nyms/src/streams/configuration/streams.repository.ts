/** Streams of hubs in PostgreSQL. A hub finds its own and no other; a receiver's Authorization header lies sealed. */
import { Injectable } from '@nestjs/common';
import type { SigningAlgorithm, StreamStatus } from '#contracts';
import { Prisma, PrismaClient } from '#db/nyms';
import { SealKey } from './seal-key.js';
import { eventsDelivered } from './stream.js';
import type { Stream, StreamState } from './stream.js';

type Row = Prisma.StreamGetPayload<object>;

@Injectable()
export class StreamsRepository {
  constructor(
    private readonly database: PrismaClient,
    private readonly sealKey: SealKey,
  ) {}

  /** False when the hub has one already. */
  async create(stream: Stream): Promise<boolean> {
    try {
      await this.database.stream.create({ data: { id: stream.id, hub: stream.hub, ...this.columns(stream) } });
      return true;
    } catch (error) {
      if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') return false;
      throw error;
    }
  }

  /** Of this hub, and when `id` is said, with this id. */
  async find(hub: string, id?: string): Promise<(Stream & StreamState & { verifiedAt: Date | null }) | undefined> {
    const row = await this.database.stream.findUnique({ where: { hub } });
    if (!row || (id !== undefined && row.id !== id)) return undefined;
    return { ...this.streamOf(row), verifiedAt: row.verifiedAt };
  }

  /** What is new is tried at once, whatever the old endpoint did. False when the stream is gone. */
  async change(stream: Stream): Promise<boolean> {
    const { count } = await this.database.stream.updateMany({
      where: { id: stream.id },
      data: { ...this.columns(stream), failures: 0, failingSince: null, lastFailure: null, nextAttemptAt: null },
    });
    return count === 1;
  }

  async remove(id: string): Promise<void> {
    await this.database.stream.deleteMany({ where: { id } });
  }

  /** Notes that a verification was asked for, unless one was after `since`: whoever asks at the same time is told so. */
  async noteVerification(id: string, now: Date, since: Date): Promise<boolean> {
    const free = { OR: [{ verifiedAt: null }, { verifiedAt: { lte: since } }] };
    const { count } = await this.database.stream.updateMany({ where: { id, ...free }, data: { verifiedAt: now } });
    return count === 1;
  }

  private columns({ id, method, endpointUrl, authorization, eventsRequested, description, alg }: Stream) {
    return {
      method,
      endpointUrl: endpointUrl ?? null,
      sealedHeader: authorization === undefined ? null : this.sealKey.seal(id, authorization),
      eventsRequested: eventsRequested ? [...eventsRequested] : Prisma.DbNull,
      eventsDelivered: eventsDelivered(eventsRequested),
      description: description ?? null,
      alg,
    };
  }

  private streamOf(row: Row): Stream & StreamState {
    return {
      id: row.id,
      hub: row.hub,
      method: row.method === 'push' ? 'push' : 'poll',
      endpointUrl: row.endpointUrl ?? undefined,
      authorization: row.sealedHeader ? this.sealKey.unseal(row.id, row.sealedHeader) : undefined,
      eventsRequested: (row.eventsRequested as string[] | null) ?? undefined,
      description: row.description ?? undefined,
      alg: row.alg as SigningAlgorithm,
      status: row.status as StreamStatus,
      reason: row.reason ?? undefined,
    };
  }
}
