/** What was opened and decided, so that the same tree may come again after a crash and no other for the same epoch ever may. */
import { fromBase64Url, type Side } from '#contracts';
import type { Tally, TreeName } from '#tallies';
import type { Transaction } from '../database/writer.js';

export interface KnownTree {
  readonly root: Buffer;
  readonly outcome: 'decided' | 'waiting';
}

export async function knownTree(transaction: Transaction, epoch: number, side: Side): Promise<KnownTree | undefined> {
  const { rows } = await transaction.query<KnownTree>(
    'SELECT root, outcome FROM keyholder.decided_trees WHERE epoch = $1 AND side = $2',
    [epoch, side],
  );
  return rows[0];
}

/** 0 before the first. After a restore at least what people have named. */
export async function lastDecided(transaction: Transaction, side: Side): Promise<number> {
  const { rows } = await transaction.query<{ epoch: number | null }>(
    `SELECT greatest(max(epoch), (SELECT decided_floor FROM keyholder.state WHERE id = 1)) AS epoch
     FROM keyholder.decided_trees WHERE side = $1 AND outcome = 'decided'`,
    [side],
  );
  return rows[0]?.epoch ?? 0;
}

/** What people have named after a restore, 0 before: whatever was opened up to it, another state may have opened before. */
export async function decidedFloor(transaction: Transaction): Promise<number> {
  const { rows } = await transaction.query<{ floor: number }>('SELECT decided_floor AS floor FROM keyholder.state WHERE id = 1');
  return rows[0]?.floor ?? 0;
}

export async function saveTree(
  transaction: Transaction,
  tree: {
    epoch: number;
    side: Side;
    root: Uint8Array;
    outcome: KnownTree['outcome'];
    policyVersion: number;
    /** Accounts that it suspended by itself; none by default. */
    suspended?: number;
  },
): Promise<void> {
  await transaction.query(
    `INSERT INTO keyholder.decided_trees (epoch, side, root, outcome, policy_version, suspended) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (epoch, side) DO UPDATE SET root = excluded.root, outcome = excluded.outcome, policy_version = excluded.policy_version,
       suspended = excluded.suspended
     WHERE decided_trees.outcome = 'waiting'`,
    [tree.epoch, tree.side, tree.root, tree.outcome, tree.policyVersion, tree.suspended ?? 0],
  );
}

/** Notes the digests that are about to be opened. @returns false when another digest was noted before for one of the places. */
export async function noteDigests(
  transaction: Transaction,
  { epoch, side, policy }: TreeName,
  tallies: readonly Tally[],
): Promise<boolean> {
  const columns = [
    tallies.map(({ cohort }) => cohort),
    tallies.map(({ hub }) => hub),
    tallies.map(({ ciphertext }) => fromBase64Url(ciphertext)),
  ];
  const places = 'unnest($4::int[], $5::text[], $6::bytea[]) AS t (cohort, hub, digest)';
  await transaction.query(
    `INSERT INTO keyholder.opened_tallies (epoch, side, policy, cohort, hub, digest)
     SELECT $1::int, $2::text, $3::text, t.cohort, t.hub, t.digest FROM ${places} ON CONFLICT DO NOTHING`,
    [epoch, side, policy, ...columns],
  );
  const { rows } = await transaction.query<{ others: boolean }>(
    `SELECT EXISTS (
       SELECT 1 FROM ${places} JOIN keyholder.opened_tallies o
       ON o.epoch = $1::int AND o.side = $2::text AND o.policy = $3::text AND o.cohort = t.cohort AND o.hub = t.hub
       WHERE o.digest <> t.digest
     ) AS others`,
    [epoch, side, policy, ...columns],
  );
  return rows[0]?.others === false;
}

/** Cohort → key epoch of its selectors; 0, which no leaf has, once that is destroyed. */
export async function knownCohorts(transaction: Transaction): Promise<Map<number, number>> {
  const { rows } = await transaction.query<{ cohort: number; keyEpoch: number }>(
    `SELECT c.cohort, CASE WHEN e.destroyed_day IS NULL THEN c.key_epoch ELSE 0 END AS "keyEpoch"
     FROM keyholder.cohorts c JOIN keyholder.key_epochs e ON e.number = c.key_epoch`,
  );
  return new Map(rows.map(({ cohort, keyEpoch }) => [cohort, keyEpoch]));
}

const slotBytes = 4;
const handleBytes = 16;

/** Slot → handle as latin1 text, for one cohort. All in one value: two thousand rows cost more than opening the cohort's tallies. */
export async function holdersOf(transaction: Transaction, cohort: number): Promise<Map<number, string>> {
  const { rows } = await transaction.query<{ holders: Buffer | null }>(
    `SELECT string_agg(int4send(slot) || handle, ''::bytea) AS holders FROM keyholder.positions WHERE cohort = $1`,
    [cohort],
  );
  const bytes = rows[0]?.holders ?? Buffer.alloc(0);
  const holders = new Map<number, string>();
  for (let at = 0; at < bytes.length; at += slotBytes + handleBytes) {
    const handleAt = at + slotBytes;
    holders.set(bytes.readInt32BE(at), bytes.toString('latin1', handleAt, handleAt + handleBytes));
  }
  return holders;
}
