/**
 * One log witness over the C2SP add-checkpoint API (tlog-witness v1.0.0). It learns sizes and roots. It knows what it has cosigned, and
 * says so with 409 when we do not; a witness that has seen more than we have, or something else, has found a log that was rolled back.
 */
import { addCheckpointText, parseKnownSize, verifyCosignature, type MerkleTree, type NoteVerifier } from '#audit';
import type { WitnessAnswer, WitnessLink } from './witness-link.js';

/** A signed checkpoint that waits for cosignatures, and the tree that proves it. */
export interface Submission {
  readonly size: number;
  /** What is cosigned. */
  readonly text: string;
  /** The text and the log's own signature. */
  readonly note: string;
  readonly tree: MerkleTree;
}

/** `diverged`: what the witness has seen is not an earlier state of this log. */
export type WitnessFault = 'unreachable' | 'refused' | 'diverged';

export class WitnessFailed extends Error {
  override readonly name = 'WitnessFailed';

  constructor(
    readonly fault: WitnessFault,
    readonly status?: number,
  ) {
    super(`log witness: ${fault}`);
  }
}

export class WitnessClient {
  /** What the witness has cosigned last, as far as we know. */
  private known = 0;

  constructor(
    private readonly verifier: NoteVerifier,
    private readonly link: WitnessLink,
  ) {}

  /** @returns its verified signature line. @throws WitnessFailed */
  async cosign(submission: Submission, signal: AbortSignal): Promise<string> {
    const first = await this.send(submission, signal);
    const answer = first.status === 409 ? await this.afterConflict(first.body, submission, signal) : first;
    if (answer.status === 422) throw new WitnessFailed('diverged', 422);
    if (answer.status !== 200) throw new WitnessFailed('refused', answer.status);
    const line = this.lineIn(answer.body, submission.text);
    this.known = submission.size;
    return line;
  }

  /** It names the size it has: once more from there, unless it has more than there is. */
  private async afterConflict(body: string, submission: Submission, signal: AbortSignal): Promise<WitnessAnswer> {
    const size = sizeIn(body);
    if (size > submission.size) throw new WitnessFailed('diverged', 409);
    this.known = size;
    return this.send(submission, signal);
  }

  private async send({ size, note, tree }: Submission, signal: AbortSignal): Promise<WitnessAnswer> {
    const old = Math.min(this.known, size);
    const body = addCheckpointText({ old, proof: tree.consistencyProof(old, size), note });
    return this.link.request('add-checkpoint', { body, signal }).catch(() => {
      throw new WitnessFailed('unreachable');
    });
  }

  private lineIn(body: string, text: string): string {
    for (const line of body.split('\n').filter((each) => each !== '')) {
      try {
        verifyCosignature(text, line, this.verifier);
        return `${line}\n`;
      } catch {
        // another key of the same witness
      }
    }
    throw new WitnessFailed('refused', 200);
  }
}

function sizeIn(body: string): number {
  try {
    return parseKnownSize(body);
  } catch {
    throw new WitnessFailed('refused', 409);
  }
}
