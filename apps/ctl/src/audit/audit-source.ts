/** The key holder's log over its routes: what a person may read with their own signature. Nothing is believed here; `verify` checks. */
import { setTimeout as wait } from 'node:timers/promises';
import { auditCheckpoint, auditEntries, auditProof, mostAuditEntries, utf8 } from '#contracts';
import type { z } from 'zod';
import { callKeyholder } from '../command/keyholder-call.js';
import type { Session } from '../command/session.js';
import { readToken } from '../command/signed.js';
import { livePolicy } from '../policy/policy-draft.js';

const LOOK_MS = 1_000;

export class AuditSource {
  private readonly audience: string;

  constructor(
    private readonly session: Session,
    private readonly now: () => Date,
  ) {
    this.audience = livePolicy(session.policyDir).document.audience;
  }

  /** The newest that is cosigned, a signed note; of an earlier generation when one is named. Throws StackError, also while there is none. */
  async checkpoint(generation?: number): Promise<string> {
    return (await this.get(`checkpoint${generation === undefined ? '' : `?generation=${generation}`}`, auditCheckpoint))
      .checkpoint;
  }

  /** Is there anything of an earlier generation? */
  async has(generation: number): Promise<boolean> {
    return (await this.get(`entries?from=0&generation=${generation}`, auditEntries)).leaves.length > 0;
  }

  /** Leaves from `index` on, to the end. */
  async *leaves(index: number, generation?: number): AsyncGenerator<Uint8Array> {
    const of = generation === undefined ? '' : `&generation=${generation}`;
    for (let from = index; ; from += mostAuditEntries) {
      const { leaves } = await this.get(`entries?from=${from}${of}`, auditEntries);
      for (const leaf of leaves) yield utf8(leaf);
      if (leaves.length < mostAuditEntries) return;
    }
  }

  /** The same, and then whatever is added, until the process is ended. */
  async *following(index: number): AsyncGenerator<Uint8Array> {
    for (let from = index; ; await wait(LOOK_MS)) {
      for await (const leaf of this.leaves(from)) {
        from += 1;
        yield leaf;
      }
    }
  }

  /** An entry, and its proof file. */
  proof(index: number): Promise<z.output<typeof auditProof>> {
    return this.get(`proofs/${index}`, auditProof);
  }

  private async get<T>(route: string, answer: z.ZodType<T>): Promise<T> {
    const token = await readToken(this.session.operator(), this.audience, this.now());
    return callKeyholder(this.session, `/v1/audit/${route}`, answer, { token });
  }
}
