/**
 * What must hold before the first ciphertext of an attested tree is opened (protocol.md §5): epoch, policy, leaves, enough new pseudonyms,
 * and the digests noted for ever. Runs in one transaction, which is committed before anything is decrypted.
 */
import { Injectable } from '@nestjs/common';
import { fromBase64Url, Problem, sameBytes, toBase64Url } from '#contracts';
import { parameterSet } from '#he';
import { PolicyStore, type Policy } from '#policy';
import type { DecisionHeader } from '#tallies';
import { AuditLog } from '../../audit/audit-log.js';
import { FollowedPolicy } from '../../audit/followed-policy.js';
import { readState } from '../../audit/state.repository.js';
import type { Transaction } from '../../database/writer.js';
import { firstNumberOf } from '../../generation/generation-rules.js';
import { Generation } from '../../generation/generation.js';
import { KeyholderKeys } from '../../keys/keyholder-keys.js';
import { knownCohorts, knownTree, lastDecided, noteDigests, saveTree } from '../decisions.repository.js';
import { ImpossibleTree, NotAdmitted } from '../freezing/refusals.js';
import type { AttestedTree } from './attestation.js';
import { treeFault } from './tree-fault.js';

/** `open`: go on with this policy. Otherwise the answer is known. */
export type Admission = { readonly outcome: 'decided' | 'waiting' } | { readonly outcome: 'open'; readonly policy: Policy };

@Injectable()
export class Admissions {
  constructor(
    private readonly keys: KeyholderKeys,
    private readonly generation: Generation,
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
    const fault = treeFault(submitted, {
      parameterSet: this.keys.parameterSet,
      slots: parameterSet(this.keys.parameterSet).slots,
      policy: policy.document,
      cohorts: await knownCohorts(transaction),
      firstCohort: firstNumberOf(this.generation.number),
    });
    if (fault) throw new ImpossibleTree(fault);
    if (header.newPseudonyms < policy.document.minPseudonyms) {
      if (!sameRoot) await this.wait(transaction, submitted, attested, policy);
      return { outcome: 'waiting' };
    }
    if (!(await noteDigests(transaction, epoch, side, tallies))) throw new ImpossibleTree('second-digest');
    return { outcome: 'open', policy };
  }

  /** The live policy and no other: an epoch that was closed under an older one is covered by the next. */
  private async policyOf(transaction: Transaction, digest: Uint8Array): Promise<Policy> {
    const live = await this.followed.live(transaction);
    if (!sameBytes(live.digest, digest)) throw new NotAdmitted('old-policy');
    return live;
  }

  private async wait(
    transaction: Transaction,
    { header, tallies }: DecisionHeader,
    attested: AttestedTree,
    policy: Policy,
  ): Promise<void> {
    const { epoch, side, newPseudonyms } = header;
    await saveTree(transaction, { epoch, side, root: attested.root, outcome: 'waiting', policyVersion: policy.version });
    await this.log.note(transaction, {
      type: 'waiting',
      epoch,
      side,
      root: toBase64Url(attested.root),
      policyVersion: policy.version,
      tallies: tallies.length,
      newPseudonyms,
      witnesses: attested.witnesses,
    });
  }
}
