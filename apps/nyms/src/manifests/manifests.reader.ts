/** Manifests as the correlator wrote them, by plain `pg`: where a hub's SET stands, and the hashes of an epoch's entries. Reads only. */
import { Injectable } from '@nestjs/common';
import pg from 'pg';
import { leafHash, manifestLeaf, MerkleTree, type Manifest } from '#audit';

export interface ManifestPlace {
  readonly manifest: Manifest;
  /** Of the correlator, over `manifestMessage`. */
  readonly signature: Uint8Array;
  readonly index: number;
  readonly setHash: Uint8Array;
}

interface EntryRow {
  readonly hub: string;
  readonly jti: string;
  readonly setHash: Uint8Array;
  readonly decisionHash: Uint8Array | null;
}

const entriesAtOnce = 2_000;

@Injectable()
export class ManifestsReader {
  constructor(private readonly pool: pg.Pool) {}

  /** The SET itself, never a decision on it. @param epoch undefined = the one it arrived in, whichever that is. */
  async placeOf(hub: string, jti: string, epoch?: number): Promise<ManifestPlace | undefined> {
    const { rows } = await this.pool.query<Manifest & Omit<ManifestPlace, 'manifest'>>(
      `SELECT m.epoch, m.size, m.root, m.policy_digest AS "policyDigest", m.closed_day AS "closedDay", m.signature,
              e.position AS index, e.set_hash AS "setHash"
       FROM tallies.manifest_entries e JOIN tallies.manifests m USING (epoch)
       WHERE e.hub = $1 AND e.jti = $2 AND e.decision_hash IS NULL AND ($3::int IS NULL OR e.epoch = $3) ORDER BY e.epoch LIMIT 1`,
      [hub, jti, epoch],
    );
    const [row] = rows;
    if (!row) return undefined;
    const { signature, index, setHash, ...manifest } = row;
    return { manifest, signature, index, setHash };
  }

  /** In pages, so that other requests have their turn between them. */
  async treeOf(epoch: number): Promise<MerkleTree> {
    const tree = new MerkleTree();
    for (let from = 0, more = true; more; from += entriesAtOnce) {
      const { rows } = await this.pool.query<EntryRow>(
        `SELECT hub, jti, set_hash AS "setHash", decision_hash AS "decisionHash" FROM tallies.manifest_entries
         WHERE epoch = $1 AND position >= $2 AND position < $3 ORDER BY position`,
        [epoch, from, from + entriesAtOnce],
      );
      for (const row of rows) tree.addHash(leafHash(manifestLeaf({ ...row, decisionHash: row.decisionHash ?? undefined })));
      more = rows.length === entriesAtOnce;
    }
    return tree;
  }
}
