/**
 * Proves to a hub that its SET is in a manifest (protocol.md §5). A hub is told of its own SETs only; what is unknown, of another hub,
 * in no manifest yet or no longer kept is one answer. The path holds hashes of other entries, which nobody can guess: a SET is signed
 * and a decision has a random id.
 */
import { Injectable } from '@nestjs/common';
import type { MerkleTree } from '#audit';
import { arrivalEpoch, jtiText, manifestRequestType, Problem, sameBytes, toBase64Url, type manifestProof } from '#contracts';
import type { z } from 'zod';
import { HubQuestions } from '../hubs/hub-questions.js';
import { ManifestsReader } from './manifests.reader.js';

/** 64 bytes an entry: a hub asks for many SETs of one epoch, one after the other. */
const treesKept = 4;

@Injectable()
export class ManifestProofs {
  readonly #trees = new Map<number, Promise<MerkleTree>>();
  /** Trees are built one after the other, whoever asks. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly questions: HubQuestions,
    private readonly reader: ManifestsReader,
  ) {}

  /** @throws Problem not-authenticated; not-permitted for a suspended hub; not-found */
  async proofOf(epoch: string, jti: string, authorization: string | undefined): Promise<z.input<typeof manifestProof>> {
    const { hub, claims } = await this.questions.asked(authorization, manifestRequestType);
    const asked = epochOf(epoch);
    if (claims['set'] !== jti || !jtiText.safeParse(jti).success || asked === undefined) throw new Problem('not-found');
    const place = await this.reader.placeOf(hub.id, jti, asked.epoch);
    if (!place) throw new Problem('not-found');
    const { manifest, signature, index, setHash } = place;
    const tree = await this.#tree(manifest.epoch);
    if (tree.size !== manifest.size) throw new Problem('not-found'); // retention has begun
    if (!sameBytes(tree.root(), manifest.root)) throw new Error('entries do not make the root of their manifest');
    return {
      epoch: manifest.epoch,
      index,
      size: manifest.size,
      path: tree.inclusionProof(index).map(toBase64Url),
      root: toBase64Url(manifest.root),
      policyDigest: toBase64Url(manifest.policyDigest),
      closedDay: manifest.closedDay,
      signature: toBase64Url(signature),
      entry: { hub: hub.id, jti, setHash: toBase64Url(setHash) },
    };
  }

  #tree(epoch: number): Promise<MerkleTree> {
    const known = this.#trees.get(epoch);
    const tree = known ?? this.#build(epoch);
    this.#trees.delete(epoch);
    this.#trees.set(epoch, tree); // the newest last
    const [oldest] = this.#trees.keys();
    if (this.#trees.size > treesKept && oldest !== undefined) this.#trees.delete(oldest);
    return tree;
  }

  #build(epoch: number): Promise<MerkleTree> {
    const tree = this.#last.then(() => this.reader.treeOf(epoch));
    this.#last = tree.catch(() => this.#trees.delete(epoch));
    return tree;
  }
}

/** A number, or the word for "whichever". @returns undefined for anything else */
function epochOf(text: string): { epoch?: number } | undefined {
  if (text === arrivalEpoch) return {};
  return /^[1-9]\d{0,8}$/.test(text) ? { epoch: Number(text) } : undefined;
}
