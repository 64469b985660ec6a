/**
 * Manifests and what they name, in PostgreSQL (schema `tallies`, and the granted views of `signals`). Entries are read in pages in
 * their order. Closing an epoch is one transaction: it exists whole or not at all.
 */
import type { Pool, PoolClient } from 'pg';
import { manifestMessage, type Manifest, type ManifestEntry } from '#audit';
import { ManifestRoot } from './manifest.js';
import { readAhead } from '../read-ahead.js';
import { inTransaction, locks } from '../transaction.js';

export interface SignedManifest extends Manifest {
  /** Correlator's key over `manifestMessage`. */
  readonly signature: Uint8Array;
}

/** An entry, also that of a decision, with the token of its SET; null when that is gone. */
export interface StoredEntry extends ManifestEntry {
  readonly token: string | null;
}

/** An entry of an epoch before the window that is read. */
export interface EarlierEntry extends StoredEntry {
  readonly epoch: number;
}

export interface StoredRuling {
  readonly hub: string;
  readonly jti: string;
  readonly decisionHash: Uint8Array;
  /** Signed statement as stored; null when it is gone. */
  readonly body: unknown;
  readonly signature: string | null;
}

export interface HubCount {
  readonly hub: string;
  readonly eventType: string;
  readonly state: string;
  readonly signals: number;
}

const entriesAtOnce = 2_000;
/** How far back a SET may have been stored and still be looked for: longer than an `iat` may lie back. */
const lookBackDays = 8;

const columns = `epoch, root, size, policy_digest AS "policyDigest", closed_day AS "closedDay", signature`;
/**
 * $1 = epoch, $2 and $3 = positions. Both ends are named, or the planner, which knows nothing yet of rows just written, reads all that is
 * left of the epoch for every page.
 */
const page = 'e.epoch = $1 AND e.position >= $2 AND e.position < $3';
/** The order of `compareEntries`. */
const inOrder = 'hub COLLATE "C", jti COLLATE "C", decision_hash NULLS FIRST';

export class ManifestsRepository {
  constructor(private readonly pool: Pool) {}

  /** 0 when nothing was closed yet. */
  async newestEpoch(): Promise<number> {
    const { rows } = await this.pool.query<{ epoch: number | null }>('SELECT max(epoch) AS epoch FROM tallies.manifests');
    return rows[0]?.epoch ?? 0;
  }

  async find(epoch: number): Promise<SignedManifest | undefined> {
    return (await this.between(epoch, epoch))[0];
  }

  /** Newest first, both ends included. */
  async between(from: number, to: number): Promise<SignedManifest[]> {
    const { rows } = await this.pool.query<SignedManifest>(
      `SELECT ${columns} FROM tallies.manifests WHERE epoch BETWEEN $1 AND $2 ORDER BY epoch DESC`,
      [from, to],
    );
    return rows;
  }

  /** All entries of an epoch, in order, in pages. They are numbered without gaps; what stands behind one is not given. */
  entries(epoch: number): AsyncGenerator<StoredEntry[], void, undefined> {
    return readAhead<StoredEntry[]>(async (at, before) => {
      if (before && before.length < entriesAtOnce) return undefined;
      const entries = await this.#entriesFrom(epoch, at * entriesAtOnce);
      return entries.length > 0 ? entries : undefined;
    });
  }

  async #entriesFrom(epoch: number, from: number): Promise<StoredEntry[]> {
    const { rows } = await this.pool.query<StoredEntry>({
      name: 'entries',
      text: `SELECT e.hub, e.jti, e.set_hash AS "setHash", e.decision_hash AS "decisionHash", s.token
             FROM tallies.manifest_entries e LEFT JOIN signals.stored_sets s ON s.hub = e.hub AND s.jti = e.jti
             WHERE ${page} ORDER BY e.position`,
      values: [epoch, from, from + entriesAtOnce],
    });
    return rows.map(({ decisionHash, ...row }) => ({ ...row, decisionHash: decisionHash ?? undefined }));
  }

  /** The moderators' decisions that arrived in an epoch. */
  async rulings(epoch: number): Promise<StoredRuling[]> {
    const { rows } = await this.pool.query<StoredRuling>(
      `SELECT e.hub, e.jti, e.decision_hash AS "decisionHash", d.body, d.signature
       FROM tallies.manifest_entries e
       LEFT JOIN signals.stored_decisions d ON d.hub = e.hub AND d.jti = e.jti AND d.decision_hash = e.decision_hash
       WHERE e.epoch = $1 AND e.decision_hash IS NOT NULL ORDER BY e.position`,
      [epoch],
    );
    return rows;
  }

  /**
   * SETs that were named before `from` and that a decision of [from, to] speaks of, with what takes them back: a held signal may be
   * released when its own epoch lies far behind, and counts from then on. The hash of such a SET is the one the decision's entry names.
   */
  async ruledEarlier(from: number, to: number): Promise<EarlierEntry[]> {
    const ruled = await this.pool.query<EarlierEntry>(
      `SELECT DISTINCT ON (e.hub, e.jti) e.epoch, e.hub, e.jti, d.set_hash AS "setHash", s.token
       FROM tallies.manifest_entries d
       JOIN tallies.manifest_entries e ON e.hub = d.hub AND e.jti = d.jti AND e.decision_hash IS NULL AND e.epoch < $1
       LEFT JOIN signals.stored_sets s ON s.hub = e.hub AND s.jti = e.jti
       WHERE d.epoch BETWEEN $1 AND $2 AND d.decision_hash IS NOT NULL ORDER BY e.hub, e.jti, d.epoch`,
      [from, to],
    );
    if (ruled.rows.length === 0) return [];
    const taking = await this.pool.query<EarlierEntry>(
      `SELECT e.epoch, e.hub, e.jti, e.set_hash AS "setHash", s.token
       FROM unnest($2::text[], $3::text[]) AS named(hub, jti)
       JOIN signals.stored_sets s ON s.hub = named.hub AND s.names = named.jti
       JOIN tallies.manifest_entries e ON e.hub = s.hub AND e.jti = s.jti AND e.decision_hash IS NULL AND e.epoch < $1`,
      [from, ruled.rows.map(({ hub }) => hub), ruled.rows.map(({ jti }) => jti)],
    );
    return [...ruled.rows, ...taking.rows];
  }

  /**
   * Closes the next epoch over everything that no earlier manifest names. Two closers wait for each other.
   * @param sign makes the signature over `manifestMessage`.
   */
  close(
    { policyDigest, closedDay }: Pick<Manifest, 'policyDigest' | 'closedDay'>,
    sign: (message: Uint8Array) => Uint8Array,
  ): Promise<SignedManifest> {
    return inTransaction(this.pool, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [locks.closing]);
      const { rows } = await client.query<{ epoch: number | null; day: number | null }>(
        'SELECT max(epoch) AS epoch, max(closed_day) AS day FROM tallies.manifests',
      );
      const epoch = (rows[0]?.epoch ?? 0) + 1;
      await client.query(
        `INSERT INTO tallies.manifest_entries (epoch, position, hub, jti, set_hash, decision_hash)
         SELECT $2, row_number() OVER (ORDER BY ${inOrder}) - 1, hub, jti, set_hash, decision_hash FROM (${newEntries}) AS t`,
        [(rows[0]?.day ?? 0) - lookBackDays, epoch],
      );
      const tree = await rootOf(client, epoch);
      // a clock that went back must not choose older selectors than the epoch before
      const day = Math.max(closedDay, rows[0]?.day ?? 0);
      const manifest = { epoch, size: tree.size, root: tree.root(), policyDigest, closedDay: day };
      const signature = sign(manifestMessage(manifest));
      await client.query(
        'INSERT INTO tallies.manifests (epoch, root, size, policy_digest, closed_day, signature) VALUES ($1, $2, $3, $4, $5, $6)',
        [epoch, manifest.root, tree.size, policyDigest, day, signature],
      );
      return { ...manifest, signature };
    });
  }

  /** SETs per hub, event type and state of the epoch they arrived in. */
  async countsByHub(epoch: number): Promise<HubCount[]> {
    const { rows } = await this.pool.query<HubCount>(
      `SELECT e.hub, s.event_type AS "eventType", s.state::text AS state, count(*)::int AS signals
       FROM tallies.manifest_entries e JOIN signals.stored_sets s ON s.hub = e.hub AND s.jti = e.jti
       WHERE e.epoch = $1 AND e.decision_hash IS NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
      [epoch],
    );
    return rows;
  }

  /** SETs of each hub that arrived in an epoch, whatever became of them. */
  async arrivalsByHub(epoch: number): Promise<ReadonlyMap<string, number>> {
    const { rows } = await this.pool.query<{ hub: string; signals: number }>(
      `SELECT hub, count(*)::int AS signals FROM tallies.manifest_entries
       WHERE epoch = $1 AND decision_hash IS NULL GROUP BY hub`,
      [epoch],
    );
    return new Map(rows.map(({ hub, signals }) => [hub, signals]));
  }

  /** Retention: entries of epochs before `epoch` whose SETs are gone, and the manifests that name nothing any more. */
  async removeBefore(epoch: number): Promise<void> {
    await this.pool.query(
      `DELETE FROM tallies.manifest_entries e WHERE e.epoch < $1
         AND NOT EXISTS (SELECT 1 FROM signals.stored_sets s WHERE s.hub = e.hub AND s.jti = e.jti)`,
      [epoch],
    );
    await this.pool.query(
      `DELETE FROM tallies.manifests m WHERE m.epoch < $1
         AND NOT EXISTS (SELECT 1 FROM tallies.manifest_entries e WHERE e.epoch = m.epoch)`,
      [epoch],
    );
  }
}

/** $1 = day to look back to. An entry of a manifest is never deleted while its SET is stored, so nothing is named twice. */
const newEntries = `
  SELECT s.hub, s.jti, s.set_hash, NULL::bytea AS decision_hash FROM signals.stored_sets s
  WHERE s.received_day >= $1
    AND NOT EXISTS (SELECT 1 FROM tallies.manifest_entries e WHERE e.hub = s.hub AND e.jti = s.jti AND e.decision_hash IS NULL)
  UNION ALL
  SELECT d.hub, d.jti, s.set_hash, d.decision_hash FROM signals.stored_decisions d
  JOIN signals.stored_sets s ON s.hub = d.hub AND s.jti = d.jti
  WHERE NOT EXISTS (SELECT 1 FROM tallies.manifest_entries e WHERE e.hub = d.hub AND e.jti = d.jti AND e.decision_hash = d.decision_hash)`;

async function rootOf(client: PoolClient, epoch: number): Promise<ManifestRoot> {
  const tree = new ManifestRoot();
  for (let from = 0, more = true; more; from += entriesAtOnce) {
    const { rows } = await client.query<{ hub: string; jti: string; setHash: Uint8Array; decisionHash: Uint8Array | null }>(
      `SELECT hub, jti, set_hash AS "setHash", decision_hash AS "decisionHash" FROM tallies.manifest_entries e
       WHERE ${page} ORDER BY position`,
      [epoch, from, from + entriesAtOnce],
    );
    for (const { decisionHash, ...entry } of rows) tree.add({ ...entry, decisionHash: decisionHash ?? undefined });
    more = rows.length === entriesAtOnce;
  }
  return tree;
}
