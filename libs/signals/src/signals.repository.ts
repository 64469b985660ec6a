/**
 * SETs as they came and moderators' decisions on them (PostgreSQL schema `signals`). Rows carry random ids and a day, nothing finer,
 * and are written in shuffled groups: one commit for many hubs' signals, and `store` resolves only after it.
 */
import { createHash, randomBytes } from 'node:crypto';
import { canonicalBytes, eventTypes, toBase64Url } from '#contracts';
import type { Signed, SignalStatement } from '#contracts';
import type { PrismaClient } from '#db/nyms';
import { WritePool } from '#platform';
import type { VerifiedSet } from './signal.js';

export type Stored = 'stored' | 'replayed';
/** `decided`: now, or already by this very statement. `refused`: no such held signal, or another statement came first. */
export type Decided = 'decided' | 'refused';

export interface HeldSignal {
  readonly hub: string;
  readonly jti: string;
  readonly uri: string;
  readonly eventType: string;
  readonly token: string;
  readonly receivedDay: number;
}

/** A report as it came. */
export interface StoredReport {
  readonly hub: string;
  readonly jti: string;
  readonly state: 'received' | 'counted' | 'held' | 'retracted' | 'rejected';
  readonly token: string;
  readonly receivedDay: number;
}

/** `ignored`: of a sandbox, which nobody weighs or holds. */
export type FirstState = 'received' | 'ignored';

interface Arrival {
  readonly set: VerifiedSet;
  readonly day: number;
  readonly state: FirstState;
}

/** Large enough that a slow disk does not bound the rate, small enough to answer at once. */
const GROUP = { maxSize: 128, maxDelayMs: 2 } as const;
const MOST_HELD = 500;
const MOST_REPORTS = 500;
const DELETED_AT_ONCE = 5_000;

export class SignalsRepository {
  private readonly arrivals = new WritePool<Arrival, Stored>({ ...GROUP, flush: (group) => this.insert(group) });

  constructor(private readonly db: PrismaClient) {}

  /** Resolves once committed. The first SET of a (hub, jti) stays; what comes later is `replayed`. @param day of arrival */
  store(set: VerifiedSet, day: number, state: FirstState = 'received'): Promise<Stored> {
    return this.arrivals.add({ set, day, state });
  }

  /** Resolves when nothing waits for a commit. */
  drain(): Promise<void> {
    return this.arrivals.drain();
  }

  private async insert(group: readonly Arrival[]): Promise<Stored[]> {
    const ids = group.map(() => randomBytes(16).toString('hex'));
    const column = <T>(of: (arrival: Arrival) => T): T[] => group.map(of);
    const inserted = await this.db.$queryRawUnsafe<{ id: string }[]>(
      `INSERT INTO signals.sets (id, hub, jti, uri, event_type, names, token, set_hash, jwk, received_day, state)
       SELECT decode(id, 'hex'), hub, jti, uri, event_type, names, token, decode(set_hash, 'hex'), jwk::jsonb, received_day, state::signals.state
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::int[], $11::text[])
         AS t(id, hub, jti, uri, event_type, names, token, set_hash, jwk, received_day, state)
       ON CONFLICT (hub, jti) DO NOTHING
       RETURNING encode(id, 'hex') AS id`,
      ids,
      column(({ set }) => set.signal.hub),
      column(({ set }) => set.signal.jti),
      column(({ set }) => set.signal.uri),
      column(({ set }) => set.signal.eventType),
      column(({ set }) => set.signal.names ?? null),
      column(({ set }) => set.token),
      column(({ set }) => Buffer.from(set.setHash).toString('hex')),
      column(({ set }) => JSON.stringify(set.jwk)),
      column(({ day }) => day),
      column(({ state }) => state),
    );
    const stored = new Set(inserted.map(({ id }) => id));
    return ids.map((id) => (stored.has(id) ? 'stored' : 'replayed'));
  }

  /** Is there a SET that the weighing step has not looked at, or a decision it has not applied? For the sweeper. */
  async hasWork(): Promise<boolean> {
    const [row] = await this.db.$queryRawUnsafe<{ work: boolean }[]>(
      `SELECT EXISTS (SELECT 1 FROM signals.sets WHERE state = 'received')
           OR EXISTS (SELECT 1 FROM signals.sets s JOIN signals.decisions d USING (hub, jti) WHERE s.state = 'held') AS work`,
    );
    return row?.work ?? false;
  }

  /** How many wait, and the day of the oldest: what a metric may show. */
  async backlog(): Promise<{ received: number; held: number; oldestDay: number | undefined }> {
    const waiting = await this.db.signal.groupBy({
      by: ['state'],
      where: { state: { in: ['received', 'held'] } },
      _count: true,
      _min: { receivedDay: true },
    });
    const of = (state: string) => waiting.find((row) => row.state === state);
    return {
      received: of('received')?._count ?? 0,
      held: of('held')?._count ?? 0,
      oldestDay: of('received')?._min.receivedDay ?? undefined,
    };
  }

  /** Signals that wait for a moderator and have no decision yet, in an order that tells nothing. */
  async held(): Promise<HeldSignal[]> {
    return this.db.$queryRawUnsafe<HeldSignal[]>(
      `SELECT hub, jti, uri, event_type AS "eventType", token, received_day AS "receivedDay" FROM signals.sets s
       WHERE state = 'held' AND NOT EXISTS (SELECT 1 FROM signals.decisions d WHERE d.hub = s.hub AND d.jti = s.jti)
       ORDER BY id LIMIT ${MOST_HELD}`,
    );
  }

  /** Reports about a pseudonym that were not ignored, newest day first, within a day in an order that tells nothing. */
  async reportsAbout(uri: string): Promise<StoredReport[]> {
    return this.db.$queryRawUnsafe<StoredReport[]>(
      `SELECT hub, jti, state::text AS state, token, received_day AS "receivedDay" FROM signals.sets
       WHERE uri = $1 AND event_type = $2 AND state <> 'ignored' ORDER BY received_day DESC, id LIMIT ${MOST_REPORTS}`,
      uri.replaceAll('\0', ''), // PostgreSQL text has no NUL
      eventTypes.abuseReport,
    );
  }

  /** Stores a decision whose signature has been checked; the first statement about a held signal wins. */
  async decide({ statement, signature }: Signed<SignalStatement>): Promise<Decided> {
    const { id, hub, jti } = statement;
    return this.db.$transaction(async (tx) => {
      const [held] = await tx.$queryRaw<{ state: string }[]>`
        SELECT state::text FROM signals.sets WHERE hub = ${hub} AND jti = ${jti} FOR UPDATE`;
      const earlier = await tx.signalDecision.findFirst({ where: { OR: [{ statementId: id }, { hub, jti }] } });
      const decisionHash = decisionHashOf(statement);
      if (earlier) return toBase64Url(earlier.decisionHash) === toBase64Url(decisionHash) ? 'decided' : 'refused';
      if (held?.state !== 'held') return 'refused';
      await tx.signalDecision.create({ data: { statementId: id, hub, jti, body: statement, signature, decisionHash } });
      return 'decided';
    });
  }

  /**
   * Retention: removes SETs, and decisions on them, whose last manifest was closed before `day`. What no manifest names stays.
   * @returns how many SETs went
   */
  async removeClosedBefore(day: number): Promise<number> {
    let removed = 0;
    for (let batch = DELETED_AT_ONCE; batch === DELETED_AT_ONCE; removed += batch) {
      batch = await this.db.$executeRawUnsafe(
        `WITH gone AS (
           DELETE FROM signals.sets WHERE id IN (
             SELECT s.id FROM signals.sets s
             WHERE s.received_day < $1
               AND EXISTS (SELECT 1 FROM tallies.manifest_entries e WHERE e.hub = s.hub AND e.jti = s.jti)
               AND NOT EXISTS (SELECT 1 FROM tallies.manifest_entries e JOIN tallies.manifests m USING (epoch)
                               WHERE e.hub = s.hub AND e.jti = s.jti AND m.closed_day >= $1)
             LIMIT ${DELETED_AT_ONCE})
           RETURNING hub, jti),
         decided AS (DELETE FROM signals.decisions d USING gone g WHERE d.hub = g.hub AND d.jti = g.jti)
         SELECT 1 FROM gone`,
        day,
      );
    }
    return removed;
  }
}

/** SHA-256 of the canonical statement, 32 bytes: what manifests list. */
export const decisionHashOf = (statement: SignalStatement): Uint8Array<ArrayBuffer> =>
  new Uint8Array(createHash('sha256').update(canonicalBytes(statement)).digest());
