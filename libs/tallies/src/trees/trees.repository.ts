/**
 * Trees with their tallies and ciphertexts, and the witnesses' attestations (PostgreSQL schema `tallies`). A tree is written in one
 * transaction with all its ciphertexts. It may be replaced as long as nobody has attested it and nothing was decided by it.
 */
import type { Pool, PoolClient } from 'pg';
import type { Side } from '#contracts';
import type { Tally, TreeHeader } from './leaf.js';
import { tally, treeHeader } from './leaf.js';
import type { TallySink } from '../folds/fold-side.js';
import { inTransaction } from '../transaction.js';

export type Outcome = 'decided' | 'waiting';

export interface StoredTree {
  readonly epoch: number;
  readonly side: Side;
  readonly root: Uint8Array;
  readonly header: TreeHeader;
  /** Correlator's key over `attestationMessage`. */
  readonly signature: Uint8Array;
  /** `waiting`: too few new pseudonyms, or a later epoch was tallied instead. */
  readonly outcome: Outcome | null;
}

export interface StoredAttestation {
  readonly witness: string;
  readonly root: Uint8Array;
  readonly signature: Uint8Array;
}

/** The finished part of a tree, once its ciphertexts have gone to the sink. */
export type WrittenTree = Omit<StoredTree, 'outcome'>;

const columns = 'epoch, side, root, header, signature, outcome';

export class TreesRepository {
  constructor(private readonly pool: Pool) {}

  async find(epoch: number, side: Side): Promise<StoredTree | undefined> {
    return (await this.#select('epoch = $1 AND side = $2', [epoch, side]))[0];
  }

  /** Trees without an outcome, oldest first. */
  undecided(): Promise<StoredTree[]> {
    return this.#select('outcome IS NULL', []);
  }

  /** The newest tree of a side, decided or not. */
  async newest(side: Side): Promise<StoredTree | undefined> {
    return (await this.#select('side = $1 AND epoch = (SELECT max(epoch) FROM tallies.trees WHERE side = $1)', [side]))[0];
  }

  async newestDecided(side: Side): Promise<number> {
    const { rows } = await this.pool.query<{ epoch: number | null }>(
      "SELECT max(epoch) AS epoch FROM tallies.trees WHERE side = $1 AND outcome = 'decided'",
      [side],
    );
    return rows[0]?.epoch ?? 0;
  }

  async tallies(epoch: number, side: Side): Promise<Tally[]> {
    const { rows } = await this.pool.query<{ leaf: unknown }>(
      'SELECT leaf FROM tallies.leaves WHERE epoch = $1 AND side = $2 ORDER BY position',
      [epoch, side],
    );
    return rows.map(({ leaf }) => tally.parse(leaf));
  }

  /** In leaf order, a few at a time. */
  async *ciphertexts(epoch: number, side: Side): AsyncGenerator<Uint8Array, void, undefined> {
    const atOnce = 64;
    for (let from = 0; ; from += atOnce) {
      const { rows } = await this.pool.query<{ ciphertext: Uint8Array }>(
        'SELECT ciphertext FROM tallies.leaves WHERE epoch = $1 AND side = $2 AND position >= $3 AND position < $4 ORDER BY position',
        [epoch, side, from, from + atOnce],
      );
      for (const { ciphertext } of rows) yield ciphertext;
      if (rows.length < atOnce) return;
    }
  }

  /**
   * Stores a tree that `make` folds into the given sink. Whatever else is undecided on this side is given up in the same transaction:
   * this tree's `since` holds only if none of them is decided after it.
   * @returns false, with nothing changed, when an attested or decided tree of this epoch stands.
   */
  async write(epoch: number, side: Side, make: (sink: TallySink) => Promise<WrittenTree>): Promise<boolean> {
    try {
      await inTransaction(this.pool, async (client) => {
        await client.query('DELETE FROM tallies.leaves WHERE epoch = $1 AND side = $2', [epoch, side]);
        const tree = await make((position, own, ciphertext) => insertLeaf(client, epoch, side, position, own, ciphertext));
        if (await isSettled(client, epoch, side)) throw new Settled();
        await client.query("UPDATE tallies.trees SET outcome = 'waiting' WHERE side = $1 AND epoch < $2 AND outcome IS NULL", [
          side,
          epoch,
        ]);
        await client.query(
          `INSERT INTO tallies.trees (epoch, side, root, header, leaves, signature) VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (epoch, side) DO UPDATE SET root = $3, header = $4, leaves = $5, signature = $6`,
          [epoch, side, tree.root, tree.header, tree.header.leaves, tree.signature],
        );
      });
      return true;
    } catch (error) {
      if (error instanceof Settled) return false;
      throw error;
    }
  }

  async setOutcome(epoch: number, side: Side, outcome: Outcome): Promise<void> {
    await this.pool.query('UPDATE tallies.trees SET outcome = $3 WHERE epoch = $1 AND side = $2 AND outcome IS NULL', [
      epoch,
      side,
      outcome,
    ]);
  }

  async attestations(epoch: number, side: Side): Promise<StoredAttestation[]> {
    const { rows } = await this.pool.query<StoredAttestation>(
      'SELECT witness, root, signature FROM tallies.attestations WHERE epoch = $1 AND side = $2 ORDER BY witness',
      [epoch, side],
    );
    return rows;
  }

  /** A witness signs once for each (epoch, side): a second attestation changes nothing. @returns what stands. */
  async attest(epoch: number, side: Side, own: StoredAttestation): Promise<StoredAttestation> {
    await this.pool.query(
      'INSERT INTO tallies.attestations (epoch, side, witness, root, signature) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING',
      [epoch, side, own.witness, own.root, own.signature],
    );
    return (await this.attestations(epoch, side)).find(({ witness }) => witness === own.witness) ?? own;
  }

  /** Retention: ciphertexts of settled epochs before `epoch`. Trees stay, they are small and say what was decided. */
  async removeCiphertextsBefore(epoch: number): Promise<void> {
    await this.pool.query(
      `DELETE FROM tallies.leaves l USING tallies.trees t
       WHERE l.epoch < $1 AND t.epoch = l.epoch AND t.side = l.side AND t.outcome IS NOT NULL`,
      [epoch],
    );
  }

  async #select(condition: string, values: unknown[]): Promise<StoredTree[]> {
    const { rows } = await this.pool.query<StoredTree>(
      `SELECT ${columns} FROM tallies.trees WHERE ${condition} ORDER BY epoch, side`,
      values,
    );
    return rows.map((row) => ({ ...row, header: treeHeader.parse(row.header) }));
  }
}

/** Rolls a tree back that came too late. */
class Settled extends Error {}

async function isSettled(client: PoolClient, epoch: number, side: Side): Promise<boolean> {
  const { rows } = await client.query<{ settled: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM tallies.trees WHERE epoch = $1 AND side = $2 AND outcome IS NOT NULL)
         OR EXISTS (SELECT 1 FROM tallies.attestations WHERE epoch = $1 AND side = $2) AS settled`,
    [epoch, side],
  );
  return rows[0]?.settled ?? false;
}

async function insertLeaf(
  client: PoolClient,
  epoch: number,
  side: Side,
  position: number,
  own: Tally,
  ciphertext: Uint8Array,
): Promise<void> {
  await client.query('INSERT INTO tallies.leaves (epoch, side, position, leaf, ciphertext) VALUES ($1, $2, $3, $4, $5)', [
    epoch,
    side,
    position,
    own,
    ciphertext,
  ]);
}
