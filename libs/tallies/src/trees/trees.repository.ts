/**
 * Trees with their tallies and ciphertexts, and the witnesses' attestations (PostgreSQL schema `tallies`). A tree is written in one
 * transaction with all its ciphertexts. It may be replaced as long as nobody has attested it and nothing was decided by it.
 */
import type { Pool, PoolClient } from 'pg';
import { approvedShadow, sides, type ApprovedShadow, type Side } from '#contracts';
import type { Tally, TreeHeader, TreeName } from './leaf.js';
import { tally, treeHeader } from './leaf.js';
import type { TallySink } from '../folds/fold-side.js';
import { inTransaction, locks } from '../transaction.js';

export type Outcome = 'decided' | 'waiting';

export interface StoredTree extends TreeName {
  readonly root: Uint8Array;
  readonly header: TreeHeader;
  /** Signals in it, before caps, that no decided tree had yet: for operators, attested by nobody. */
  readonly signals: number;
  /** Correlator's key over `attestationMessage`. */
  readonly signature: Uint8Array;
  /** `waiting`: too few new pseudonyms, or a later epoch was tallied instead. */
  readonly outcome: Outcome | null;
  /** What people have approved, for who recomputes it; null unless it weighs by a shadow. */
  readonly shadow: ApprovedShadow | null;
}

export interface StoredAttestation {
  readonly witness: string;
  readonly root: Uint8Array;
  readonly signature: Uint8Array;
}

/** As the tree of each side says; a side without one is not folded. */
export const sinceOf = (trees: readonly StoredTree[]): Record<Side, number> =>
  Object.fromEntries(sides.map((side) => [side, trees.find((tree) => tree.side === side)?.header.since ?? 0])) as Record<
    Side,
    number
  >;

/** The finished part of a tree, once its ciphertexts have gone to the sink. */
export type WrittenTree = Omit<StoredTree, 'outcome'>;

const columns = 'epoch, side, policy, root, header, signals, signature, outcome, shadow';
/** $1, $2, $3 */
const named = 'epoch = $1 AND side = $2 AND policy = $3';
const valuesOf = ({ epoch, side, policy }: TreeName) => [epoch, side, policy];

export class TreesRepository {
  constructor(private readonly pool: Pool) {}

  async find(name: TreeName): Promise<StoredTree | undefined> {
    return (await this.#select(named, valuesOf(name)))[0];
  }

  /** Trees without an outcome, oldest first. */
  undecided(): Promise<StoredTree[]> {
    return this.#select('outcome IS NULL', []);
  }

  /** The newest tree of a side by the live policy, decided or not. */
  async newest(side: Side): Promise<StoredTree | undefined> {
    const epoch = "(SELECT max(epoch) FROM tallies.trees WHERE side = $1 AND policy = 'live')";
    return (await this.#select(`side = $1 AND policy = 'live' AND epoch = ${epoch}`, [side]))[0];
  }

  /** Decided trees by the live policy, of this epoch and later ones, oldest first. */
  decidedFrom(epoch: number): Promise<StoredTree[]> {
    return this.#select("policy = 'live' AND outcome = 'decided' AND epoch >= $1", [epoch]);
  }

  async newestDecided(side: Side): Promise<number> {
    const { rows } = await this.pool.query<{ epoch: number | null }>(
      "SELECT max(epoch) AS epoch FROM tallies.trees WHERE side = $1 AND policy = 'live' AND outcome = 'decided'",
      [side],
    );
    return rows[0]?.epoch ?? 0;
  }

  async tallies(name: TreeName): Promise<Tally[]> {
    const { rows } = await this.pool.query<{ leaf: unknown }>(
      `SELECT leaf FROM tallies.leaves WHERE ${named} ORDER BY position`,
      valuesOf(name),
    );
    return rows.map(({ leaf }) => tally.parse(leaf));
  }

  /** In leaf order, a few at a time. */
  async *ciphertexts(name: TreeName): AsyncGenerator<Uint8Array, void, undefined> {
    const atOnce = 64;
    for (let from = 0; ; from += atOnce) {
      const { rows } = await this.pool.query<{ ciphertext: Uint8Array }>(
        `SELECT ciphertext FROM tallies.leaves WHERE ${named} AND position >= $4 AND position < $5 ORDER BY position`,
        [...valuesOf(name), from, from + atOnce],
      );
      for (const { ciphertext } of rows) yield ciphertext;
      if (rows.length < atOnce) return;
    }
  }

  /**
   * Stores a tree that `make` folds into the given sink. Whatever else is undecided on this side by this kind of policy is given up in the same
   * transaction: this tree's `since` holds only if none of them is decided after it. One tree is written at a time: a second correlator waits.
   * @returns false, with nothing changed, when an attested or decided tree of this epoch stands.
   */
  async write(name: TreeName, make: (sink: TallySink) => Promise<WrittenTree>): Promise<boolean> {
    const { epoch, side, policy } = name;
    try {
      await inTransaction(this.pool, async (client) => {
        await client.query('SELECT pg_advisory_xact_lock($1)', [locks.trees]);
        await client.query(`DELETE FROM tallies.leaves WHERE ${named}`, valuesOf(name));
        const tree = await make((position, own, ciphertext) => insertLeaf(client, name, position, own, ciphertext));
        if (await isSettled(client, name)) throw new Settled();
        await client.query(
          "UPDATE tallies.trees SET outcome = 'waiting' WHERE epoch < $1 AND side = $2 AND policy = $3 AND outcome IS NULL",
          valuesOf(name),
        );
        await client.query(
          `INSERT INTO tallies.trees (epoch, side, policy, root, header, leaves, signals, signature, shadow)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
           ON CONFLICT (epoch, side, policy)
           DO UPDATE SET root = $4, header = $5, leaves = $6, signals = $7, signature = $8, shadow = $9`,
          [epoch, side, policy, tree.root, tree.header, tree.header.leaves, tree.signals, tree.signature, tree.shadow],
        );
      });
      return true;
    } catch (error) {
      if (error instanceof Settled) return false;
      throw error;
    }
  }

  async setOutcome(name: TreeName, outcome: Outcome): Promise<void> {
    await this.pool.query(`UPDATE tallies.trees SET outcome = $4 WHERE ${named} AND outcome IS NULL`, [
      ...valuesOf(name),
      outcome,
    ]);
  }

  async attestations(name: TreeName): Promise<StoredAttestation[]> {
    const { rows } = await this.pool.query<StoredAttestation>(
      `SELECT witness, root, signature FROM tallies.attestations WHERE ${named} ORDER BY witness`,
      valuesOf(name),
    );
    return rows;
  }

  /** A witness signs once for each tree's name: a second attestation changes nothing. @returns what stands. */
  async attest(name: TreeName, own: StoredAttestation): Promise<StoredAttestation> {
    await this.pool.query(
      `INSERT INTO tallies.attestations (epoch, side, policy, witness, root, signature) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT DO NOTHING`,
      [...valuesOf(name), own.witness, own.root, own.signature],
    );
    return (await this.attestations(name)).find(({ witness }) => witness === own.witness) ?? own;
  }

  /** Retention: ciphertexts of settled epochs before `epoch`. Trees stay, they are small and say what was decided. */
  async removeCiphertextsBefore(epoch: number): Promise<void> {
    await this.pool.query(
      `DELETE FROM tallies.leaves l USING tallies.trees t
       WHERE l.epoch < $1 AND t.epoch = l.epoch AND t.side = l.side AND t.policy = l.policy AND t.outcome IS NOT NULL`,
      [epoch],
    );
  }

  async #select(condition: string, values: unknown[]): Promise<StoredTree[]> {
    const { rows } = await this.pool.query<StoredTree>(
      `SELECT ${columns} FROM tallies.trees WHERE ${condition} ORDER BY epoch, policy, side`,
      values,
    );
    return rows.map((row) => ({
      ...row,
      header: treeHeader.parse(row.header),
      shadow: row.shadow && approvedShadow.parse(row.shadow),
    }));
  }
}

/** Rolls a tree back that came too late. */
class Settled extends Error {}

async function isSettled(client: PoolClient, name: TreeName): Promise<boolean> {
  const { rows } = await client.query<{ settled: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM tallies.trees WHERE ${named} AND outcome IS NOT NULL)
         OR EXISTS (SELECT 1 FROM tallies.attestations WHERE ${named}) AS settled`,
    valuesOf(name),
  );
  return rows[0]?.settled ?? false;
}

async function insertLeaf(
  client: PoolClient,
  name: TreeName,
  position: number,
  own: Tally,
  ciphertext: Uint8Array,
): Promise<void> {
  await client.query(
    'INSERT INTO tallies.leaves (epoch, side, policy, position, leaf, ciphertext) VALUES ($1, $2, $3, $4, $5, $6)',
    [...valuesOf(name), position, own, ciphertext],
  );
}
