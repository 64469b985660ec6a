/**
 * Proposals of the registrar: handles it found related to those a batch had marked. They have no effect. People see that there is one, whose
 * digest an approved request names, and how many accounts it is about only from ten and a release batch on.
 */
import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { bytesOf, canonicalBytes, frame, labels, toBase64Url } from '#contracts';
import type { proposalList, relatedProposal } from '#contracts';
import { countAbove } from '#cases';
import { openBox, sealBox } from '#platform';
import { PolicyStore } from '#policy';
import { refused } from '../../answers/refusal.js';
import { Writer, type Transaction } from '../../database/writer.js';
import { KeyholderKeys } from '../../keys/keyholder-keys.js';
import { prfLabels } from '../../keys/prf.js';
import { addProposal, findProposal, readProposals, wasAskedFor, type ProposalRow } from './proposals.repository.js';

type Proposed = z.output<typeof relatedProposal>;

const atRest = z.strictObject({ salt: z.string(), handles: z.array(bytesOf(16)) });

@Injectable()
export class Proposals {
  constructor(
    private readonly writer: Writer,
    private readonly keys: KeyholderKeys,
    private readonly policies: PolicyStore,
  ) {}

  /** The same batch again changes nothing. @throws Problem answer-refused for a batch that asked for none */
  async take({ batch, remedy, handles }: Proposed): Promise<void> {
    const sorted = handles.map(toBase64Url).sort();
    const salt = toBase64Url(Uint8Array.from(randomBytes(32)));
    const text = canonicalBytes({ batch, remedy, handles: sorted });
    const digest = Uint8Array.from(
      createHash('sha256')
        .update(frame(labels.proposal, salt, text))
        .digest(),
    );
    const sealed = sealBox(this.key(), digest, canonicalBytes({ salt, handles: sorted }));
    const taken = await this.writer.transaction(async (transaction) => {
      if (!(await wasAskedFor(transaction, batch, remedy))) return false;
      await addProposal(transaction, { digest, batch, remedy, sealed });
      return true;
    });
    if (!taken) throw refused();
  }

  async list(): Promise<z.input<typeof proposalList>> {
    const rows = await this.writer.transaction((transaction) => readProposals(transaction));
    const { release } = this.policies.live().document;
    return {
      proposals: rows.map((row) => ({
        proposal: toBase64Url(row.digest),
        batch: row.batch,
        remedy: row.remedy,
        ...countAbove(this.handlesIn(row).length, release.batch),
      })),
    };
  }

  /** @returns undefined when there is none, or it is for another remedy */
  async handlesOf(transaction: Transaction, digest: Uint8Array, remedy: string): Promise<Uint8Array[] | undefined> {
    const row = await findProposal(transaction, digest);
    return row?.remedy === remedy ? this.handlesIn(row) : undefined;
  }

  private handlesIn({ digest, sealed }: ProposalRow): Uint8Array[] {
    return atRest.parse(JSON.parse(new TextDecoder().decode(openBox(this.key(), digest, sealed)))).handles;
  }

  private key(): Uint8Array {
    return this.keys.prf.bytes(prfLabels.proposals);
  }
}
