/**
 * What this witness remembers (PostgreSQL schema `witness`): SETs it has seen stored and verified, manifests as it inspected them, the
 * newest policy it has followed. Written together with its objection list, so an epoch is inspected whole or not at all.
 */
import type { Pool, PoolClient } from 'pg';
import type { Manifest, ManifestEntry } from '#audit';
import { inTransaction, type ObjectionsRepository, type ObjectionEntry } from '#tallies';

export interface SeenSet {
  readonly hub: string;
  readonly jti: string;
  readonly setHash: Uint8Array;
  /** Epoch whose manifest named it; null while none has. */
  readonly epoch: number | null;
}

/** A SET of the inspected manifest; `jwk` of the key that verified it, null when it was objected to. */
export interface InspectedSet extends Pick<ManifestEntry, 'hub' | 'jti' | 'setHash'> {
  readonly jwk: unknown;
}

export interface Inspection {
  readonly manifest: Manifest;
  readonly policyVersion: number;
  readonly sets: readonly InspectedSet[];
  readonly objections: readonly ObjectionEntry[];
  readonly signature: Uint8Array;
}

/** Days a SET that no manifest names yet is looked for; as far back as closing looks. */
const lookBackDays = 8;
const setsAtOnce = 2_000;

export class MemoryRepository {
  constructor(
    private readonly pool: Pool,
    private readonly objections: ObjectionsRepository,
    private readonly id: string,
  ) {}

  async state(): Promise<{ policyVersion: number; inspected: number }> {
    const { rows } = await this.pool.query<{ policyVersion: number; inspected: number }>(
      'SELECT policy_version AS "policyVersion", inspected FROM witness.state WHERE witness = $1',
      [this.id],
    );
    return rows[0] ?? { policyVersion: 0, inspected: 0 };
  }

  /** Manifests of a window as they were inspected, by epoch. */
  async inspected(from: number, to: number): Promise<Map<number, Pick<Manifest, 'root' | 'policyDigest' | 'closedDay'>>> {
    const { rows } = await this.pool.query<Manifest>(
      `SELECT epoch, root, policy_digest AS "policyDigest", closed_day AS "closedDay" FROM witness.inspected
       WHERE witness = $1 AND epoch BETWEEN $2 AND $3`,
      [this.id, from, to],
    );
    return new Map(rows.map((row) => [row.epoch, row]));
  }

  async seen(entries: readonly Pick<ManifestEntry, 'hub' | 'jti'>[]): Promise<SeenSet[]> {
    const { rows } = await this.pool.query<SeenSet>(
      `SELECT s.hub, s.jti, s.set_hash AS "setHash", s.epoch FROM witness.seen s
       JOIN unnest($1::text[], $2::text[]) AS t(hub, jti) ON s.hub = t.hub AND s.jti = t.jti`,
      [entries.map(({ hub }) => hub), entries.map(({ jti }) => jti)],
    );
    return rows;
  }

  /** The newest key of this id that verified a SET of the hub: its JWKS may have dropped it since. */
  async keySeen(hub: string, kid: string): Promise<unknown> {
    const { rows } = await this.pool.query<{ jwk: unknown }>(
      `SELECT jwk FROM witness.seen WHERE hub = $1 AND jwk ->> 'kid' = $2 ORDER BY epoch DESC NULLS LAST LIMIT 1`,
      [hub, kid],
    );
    return rows[0]?.jwk;
  }

  save({ manifest, policyVersion, sets, objections, signature }: Inspection): Promise<void> {
    return inTransaction(this.pool, async (client) => {
      const { epoch, root, policyDigest, closedDay } = manifest;
      for (let at = 0; at < sets.length; at += setsAtOnce) await insertSeen(client, epoch, sets.slice(at, at + setsAtOnce));
      await client.query(
        `INSERT INTO witness.inspected (witness, epoch, root, policy_digest, closed_day) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING`,
        [this.id, epoch, root, policyDigest, closedDay],
      );
      await client.query(
        `INSERT INTO witness.state AS s (witness, policy_version, inspected) VALUES ($1, $2, $3) ON CONFLICT (witness)
         DO UPDATE SET policy_version = greatest(s.policy_version, $2), inspected = greatest(s.inspected, $3)`,
        [this.id, policyVersion, epoch],
      );
      await this.objections.save(client, { epoch, witness: this.id, list: objections }, signature);
    });
  }

  /**
   * Notes what is stored and in no manifest yet. One statement, so one moment: a closing that has begun by then may have missed it, so
   * the manifest after the next must name it at the latest.
   */
  async noteStored(): Promise<void> {
    await this.pool.query(
      `INSERT INTO witness.seen (hub, jti, set_hash, due)
       SELECT s.hub, s.jti, s.set_hash, m.epoch + 2
       FROM signals.stored_sets s, (SELECT coalesce(max(epoch), 0) AS epoch, coalesce(max(closed_day), 0) AS day FROM tallies.manifests) AS m
       WHERE s.received_day >= m.day - ${lookBackDays}
         AND NOT EXISTS (SELECT 1 FROM tallies.manifest_entries e WHERE e.hub = s.hub AND e.jti = s.jti AND e.decision_hash IS NULL)
       ON CONFLICT DO NOTHING`,
    );
  }

  /** Stored SETs that should stand in a manifest up to `epoch` and do not. */
  async leftOut(epoch: number): Promise<number> {
    const { rows } = await this.pool.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM witness.seen w JOIN signals.stored_sets s ON s.hub = w.hub AND s.jti = w.jti
       WHERE w.due <= $1 AND (w.epoch IS NULL OR w.epoch > $1)`,
      [epoch],
    );
    return rows[0]?.count ?? 0;
  }

  /** SETs of the window that were seen stored, or verified, and are gone or have another hash now. */
  async vanished(from: number, to: number): Promise<number> {
    const { rows } = await this.pool.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM witness.seen w LEFT JOIN signals.stored_sets s ON s.hub = w.hub AND s.jti = w.jti
       WHERE (w.epoch BETWEEN $1 AND $2 OR w.epoch IS NULL AND w.due BETWEEN $1 AND $2 + 2)
         AND (w.jwk IS NOT NULL OR w.epoch IS NULL) AND s.set_hash IS DISTINCT FROM w.set_hash`,
      [from, to],
    );
    return rows[0]?.count ?? 0;
  }

  /** Forgets what lies before `epoch` and is not stored any more. */
  async forgetBefore(epoch: number): Promise<void> {
    await this.pool.query(
      `DELETE FROM witness.seen w WHERE coalesce(w.epoch, w.due) < $1
         AND NOT EXISTS (SELECT 1 FROM signals.stored_sets s WHERE s.hub = w.hub AND s.jti = w.jti)`,
      [epoch],
    );
    // a held SET may be released yet, and then counts as its epoch's policy says
    await this.pool.query(
      `DELETE FROM witness.inspected i WHERE i.witness = $1 AND i.epoch < $2
         AND NOT EXISTS (SELECT 1 FROM witness.seen w WHERE w.epoch = i.epoch)`,
      [this.id, epoch],
    );
  }
}

/** A SET that was seen before it was named gets its epoch; its hash stays what was seen first. */
async function insertSeen(client: PoolClient, epoch: number, sets: readonly InspectedSet[]): Promise<void> {
  await client.query(
    `INSERT INTO witness.seen AS w (hub, jti, set_hash, epoch, jwk)
     SELECT hub, jti, set_hash, $1, jwk::jsonb FROM unnest($2::text[], $3::text[], $4::bytea[], $5::text[]) AS t(hub, jti, set_hash, jwk)
     ON CONFLICT (hub, jti) DO UPDATE SET epoch = $1, jwk = EXCLUDED.jwk WHERE w.epoch IS NULL`,
    [
      epoch,
      sets.map(({ hub }) => hub),
      sets.map(({ jti }) => jti),
      sets.map(({ setHash }) => setHash),
      sets.map(({ jwk }) => (jwk === null || jwk === undefined ? null : JSON.stringify(jwk))),
    ],
  );
}
