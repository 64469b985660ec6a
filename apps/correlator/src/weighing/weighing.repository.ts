/**
 * States of SETs: what the correlator may change of them, and nothing else. It finds its work in the database, so a wake-up that is
 * lost or comes twice changes nothing. States are for people and counts; a tally never reads them.
 */
import type { Pool, PoolClient } from 'pg';
import { eventTypes } from '#contracts';
import { inTransaction } from '#tallies';

export type WeighedState = 'counted' | 'held' | 'ignored' | 'applied';

export interface ReceivedSet {
  readonly id: Uint8Array;
  readonly hub: string;
  readonly jti: string;
  readonly token: string;
  readonly state: string;
}

export interface Weighed {
  readonly id: Uint8Array;
  readonly state: WeighedState;
  /** Of an unban or retract. */
  readonly takesBack?: { readonly hub: string; readonly jti: string; readonly eventType: string };
}

export type Weigh = (sets: readonly ReceivedSet[], known: ReadonlySet<string>) => readonly Weighed[];

/** Rows per transaction. */
const atOnce = 500;
const { ban, retract, unban } = eventTypes;
/** A named signal is taken back by a retract, a ban by an unban. */
const fits = `(by_type = '${retract}' OR by_type = '${unban}' AND s.event_type = '${ban}')`;
const live = `s.state IN ('received', 'counted', 'held')`;

export class WeighingRepository {
  constructor(private readonly pool: Pool) {}

  async hasWork(): Promise<boolean> {
    const { rows } = await this.pool.query<{ work: boolean }>(
      `SELECT EXISTS (SELECT 1 FROM signals.stored_sets WHERE state = 'received')
           OR EXISTS (SELECT 1 FROM signals.stored_sets s JOIN signals.stored_decisions d ON d.hub = s.hub AND d.jti = s.jti
                      WHERE s.state = 'held') AS work`,
    );
    return rows[0]?.work ?? false;
  }

  /** Weighs some new SETs that nobody weighs at the moment. @returns states they got; none when there are no new ones. */
  async weighSome(weigh: Weigh): Promise<WeighedState[]> {
    return inTransaction(this.pool, async (client) => {
      const { rows } = await client.query<{ id: Uint8Array }>(
        `SELECT id FROM signals.sets WHERE state = 'received' LIMIT ${atOnce} FOR UPDATE SKIP LOCKED`,
      );
      return weighLocked(client, rows, weigh);
    });
  }

  /**
   * Weighs the undecided SETs of an epoch's manifest that are in one of `states`, and waits for whoever weighs them at the moment.
   * @returns states that changed
   */
  async weighEpoch(epoch: number, states: readonly ('received' | WeighedState)[], weigh: Weigh): Promise<WeighedState[]> {
    const { rows } = await this.pool.query<{ id: Uint8Array }>(
      `SELECT s.id FROM tallies.manifest_entries e JOIN signals.stored_sets s ON s.hub = e.hub AND s.jti = e.jti
       WHERE e.epoch = $1 AND e.decision_hash IS NULL AND s.state = ANY($2::signals.state[])
         AND NOT EXISTS (SELECT 1 FROM signals.stored_decisions d WHERE d.hub = s.hub AND d.jti = s.jti)`,
      [epoch, states],
    );
    const changed: WeighedState[] = [];
    for (let at = 0; at < rows.length; at += atOnce) {
      const ids = rows.slice(at, at + atOnce).map(({ id }) => id);
      const page = await inTransaction(this.pool, async (client) => {
        const { rows: locked } = await client.query<{ id: Uint8Array }>(
          'SELECT id FROM signals.sets WHERE id = ANY($1) AND state = ANY($2::signals.state[]) ORDER BY id FOR UPDATE',
          [ids, states],
        );
        return weighLocked(client, locked, weigh);
      });
      changed.push(...page);
    }
    return changed;
  }

  /** Held signals a moderator has decided on. @returns how many were freed and rejected. */
  async applyDecisions(): Promise<{ released: number; rejected: number }> {
    const { rows } = await this.pool.query<{ state: string }>(
      `UPDATE signals.sets s SET state = (CASE d.type WHEN 'release-signal' THEN 'counted' ELSE 'rejected' END)::signals.state
       FROM (SELECT s.id, d.body ->> 'type' AS type FROM signals.stored_sets s
             JOIN signals.stored_decisions d ON d.hub = s.hub AND d.jti = s.jti WHERE s.state = 'held') AS d
       WHERE s.id = d.id RETURNING s.state::text AS state`,
    );
    const released = rows.filter(({ state }) => state === 'counted').length;
    return { released, rejected: rows.length - released };
  }

  /** What the retractions of an epoch take back, also where they were weighed before the SET they name. */
  async applyRetractions(epoch: number): Promise<number> {
    const { rowCount } = await this.pool.query(
      `UPDATE signals.sets SET state = 'retracted' WHERE id IN (
         SELECT s.id FROM (
           SELECT r.hub, r.names, r.event_type AS by_type FROM tallies.manifest_entries e
           JOIN signals.stored_sets r ON r.hub = e.hub AND r.jti = e.jti
           WHERE e.epoch = $1 AND e.decision_hash IS NULL AND r.state = 'applied') AS t
         JOIN signals.stored_sets s ON s.hub = t.hub AND s.jti = t.names
         JOIN tallies.manifest_entries m ON m.hub = s.hub AND m.jti = s.jti AND m.decision_hash IS NULL AND m.epoch <= $1
         WHERE ${live} AND ${fits})`,
      [epoch],
    );
    return rowCount ?? 0;
  }
}

/** @param locked rows of signals.sets that this transaction holds. @returns states that changed */
async function weighLocked(client: PoolClient, locked: readonly { id: Uint8Array }[], weigh: Weigh): Promise<WeighedState[]> {
  if (locked.length === 0) return [];
  const { rows } = await client.query<ReceivedSet & { uri: string }>(
    'SELECT id, hub, jti, uri, token, state::text AS state FROM signals.stored_sets WHERE id = ANY($1)',
    [locked.map(({ id }) => id)],
  );
  const { rows: known } = await client.query<{ uri: string }>(
    'SELECT DISTINCT uri FROM pseudonyms.stored_selectors WHERE uri = ANY($1)',
    [[...new Set(rows.map(({ uri }) => uri))]],
  );
  const weighed = weigh(rows, new Set(known.map(({ uri }) => uri)));
  const { rows: changed } = await client.query<{ state: WeighedState }>(
    `UPDATE signals.sets s SET state = t.state::signals.state FROM unnest($1::bytea[], $2::text[]) AS t(id, state)
     WHERE s.id = t.id AND s.state::text <> t.state RETURNING s.state::text AS state`,
    [weighed.map(({ id }) => id), weighed.map(({ state }) => state)],
  );
  const takings = weighed.flatMap(({ takesBack }) => takesBack ?? []);
  if (takings.length > 0) {
    await client.query(
      `UPDATE signals.sets SET state = 'retracted' WHERE id IN (
         SELECT s.id FROM signals.stored_sets s JOIN unnest($1::text[], $2::text[], $3::text[]) AS t(hub, jti, by_type)
           ON s.hub = t.hub AND s.jti = t.jti WHERE ${live} AND ${fits})`,
      [takings.map(({ hub }) => hub), takings.map(({ jti }) => jti), takings.map(({ eventType }) => eventType)],
    );
  }
  return changed.map(({ state }) => state);
}
