/**
 * Is a SET of ours in the manifest that the provider's correlator signed (protocol.md §5)? The proof is checked here, against the
 * correlator's pinned key: the provider's word is not taken for it.
 */
import { createHash } from 'node:crypto';
import { isInManifest, type ManifestProof } from '#audit';
import { arrivalEpoch, manifestProof, manifestRequestType, sameBytes } from '#contracts';
import { ProofRefused, ProofUnavailable } from '../errors.js';
import { askAsHub, type QuestionRules } from './hub-question.js';

export interface ProofOptions {
  /** The SET as it was sent: the proof must then be of exactly these bytes. */
  readonly token?: string;
  /** Of another epoch than the one it arrived in there is no proof. */
  readonly epoch?: number;
}

/**
 * @param correlator public key, 32 bytes.
 * @returns undefined when it is in no manifest: the epoch may not be closed yet, or the provider has let it go.
 * @throws ProofUnavailable: no answer. @throws ProofRefused: an answer that proves nothing
 */
export async function proofOf(
  jti: string,
  { token, epoch }: ProofOptions,
  correlator: Uint8Array,
  rules: QuestionRules,
): Promise<ManifestProof | undefined> {
  const answer = await ask(jti, epoch, rules);
  if (answer === undefined) return undefined;
  const proof = manifestProof.safeParse(answer).data;
  const isOfOurs =
    proof?.entry.hub === rules.hub &&
    proof.entry.jti === jti &&
    (epoch === undefined || proof.epoch === epoch) &&
    (token === undefined ||
      sameBytes(proof.entry.setHash, new Uint8Array(createHash('sha256').update(token, 'latin1').digest())));
  if (!isOfOurs || !isInManifest(proof, correlator)) throw new ProofRefused(jti);
  return proof;
}

async function ask(jti: string, epoch: number | undefined, rules: QuestionRules): Promise<unknown> {
  const path = `/v1/manifests/${epoch ?? arrivalEpoch}/proofs/${encodeURIComponent(jti)}`;
  try {
    const response = await askAsHub(path, manifestRequestType, { set: jti }, rules);
    if (response.status === 200) return await response.json();
    await response.arrayBuffer();
    if (response.status === 404) return undefined;
    throw new ProofUnavailable(`status ${response.status}`);
  } catch (error) {
    throw error instanceof ProofUnavailable ? error : new ProofUnavailable('no answer', { cause: error });
  }
}
