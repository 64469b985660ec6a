/**
 * What must hold before the first ciphertext of an attested tree is opened (protocol.md §5): epoch, policy, leaves, enough new pseudonyms,
 * and the digests noted for ever. Runs in one transaction, which is committed before anything is decrypted.
 */
import { Injectable } from '@nestjs/common';
import { fromBase64Url, Problem, sameBytes } from '#contracts';
import { PolicyStore, type Policy } from '#policy';
import type { DecisionHeader } from '#tallies';
import type { AuditAct } from '../../audit/audit-body.js';
import { AuditLog } from '../../audit/audit-log.js';
import { FollowedPolicy } from '../../audit/followed-policy.js';
import { readState } from '../../audit/state.repository.js';
import type { Transaction } from '../../database/writer.js';
import { knownTree, lastDecided, noteDigests, saveTree } from '../decisions.repository.js';
import { ImpossibleTree, NotAdmitted } from '../freezing/refusals.js';
import { treeCounts, type AttestedTree } from './attestation.js';
import { Soundness } from './soundness.js';

/** What a tree is opened and evaluated by. */
export type DecidingPolicy = Pick<Policy, 'version' | 'digest' | 'document'>;

/** `open`: go on with this policy, once the entry is in the log. Otherwise the answer is known. */
export type Admission =
  | { readonly outcome: 'decided' | 'waiting' }
  | { readonly outcome: 'open'; readonly policy: DecidingPolicy; readonly announces: AuditAct };

@Injectable()
export class Admissions {
  constructor(
    private readonly soundness: Soundness,
    private readonly policies: PolicyStore,
    private readonly followed: FollowedPolicy,
    private readonly log: AuditLog,
  ) {}

  /** The newest policy, followed: before the transaction, because its entry must be evidence first. @throws Problem log-unavailable */
  async prepare(): Promise<void> {
    this.policies.look(); // a newer one may have been installed a moment ago
    await this.followed.follow();
  }

  /** @throws NotAdmitted, ImpossibleTree, or Problem decisions-frozen */
  async admit(transaction: Transaction, submitted: DecisionHeader, attested: AttestedTree): Promise<Admission> {
    const { header, tallies } = submitted;
    const { epoch, side } = header;
    const known = await knownTree(transaction, epoch, side);
    const sameRoot = known !== undefined && sameBytes(known.root, attested.root);
    if (known?.outcome === 'decided') {
      if (sameRoot) return { outcome: 'decided' };
      throw new ImpossibleTree('other-root');
    }
    const { frozen } = await readState(transaction);
    if (frozen) throw new Problem('decisions-frozen');
    const last = await lastDecided(transaction, side);
    if (epoch <= last || header.since !== last) throw new NotAdmitted('old-epoch');
    const policy = await this.policyOf(transaction, fromBase64Url(header.policyDigest));
    await this.soundness.require(transaction, submitted, policy.document);
    if (header.newPseudonyms < policy.document.minPseudonyms) {
      if (!sameRoot) await this.wait(transaction, submitted, attested, policy);
      return { outcome: 'waiting' };
    }
    if (!(await noteDigests(transaction, header, tallies))) throw new ImpossibleTree('second-digest');
    return { outcome: 'open', policy, announces: { type: 'decided', ...treeCounts(submitted, attested, policy) } };
  }

  /** The live policy and no other: an epoch that was closed under an older one is covered by the next. */
  private async policyOf(transaction: Transaction, digest: Uint8Array): Promise<Policy> {
    const live = await this.followed.live(transaction);
    if (!sameBytes(live.digest, digest)) throw new NotAdmitted('old-policy');
    return live;
  }

  private async wait(transaction: Transaction, submitted: DecisionHeader, attested: AttestedTree, policy: Policy): Promise<void> {
    const { epoch, side } = submitted.header;
    await saveTree(transaction, { epoch, side, root: attested.root, outcome: 'waiting', policyVersion: policy.version });
    await this.log.note(transaction, { type: 'waiting', ...treeCounts(submitted, attested, policy) });
  }
}
