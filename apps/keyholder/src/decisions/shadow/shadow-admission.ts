/**
 * What must hold before a tree by a shadow policy is opened: its epoch was decided and is the last that was, in this generation, nothing was
 * counted about it yet, the policy is the very one that people have approved beside the live one, and its ε is there. So a shadow opens nothing that the live
 * policy did not, and once per epoch and side.
 */
import { Injectable } from '@nestjs/common';
import { fromBase64Url, Problem, sameBytes } from '#contracts';
import type { DecisionHeader } from '#tallies';
import { FollowedPolicy } from '../../audit/followed-policy.js';
import { readState } from '../../audit/state.repository.js';
import type { Transaction } from '../../database/writer.js';
import { ShadowReports } from '../../shadow/shadow-reports.service.js';
import { isReported } from '../../shadow/shadow.repository.js';
import type { Admission } from '../checks/admission.js';
import { treeCounts, type AttestedTree } from '../checks/attestation.js';
import { Soundness } from '../checks/soundness.js';
import { noteDigests } from '../decisions.repository.js';
import { NotAdmitted } from '../freezing/refusals.js';

@Injectable()
export class ShadowAdmissions {
  constructor(
    private readonly followed: FollowedPolicy,
    private readonly soundness: Soundness,
    private readonly shadows: ShadowReports,
  ) {}

  /** @throws NotAdmitted, ImpossibleTree, or Problem decisions-frozen */
  async admit(transaction: Transaction, submitted: DecisionHeader, attested: AttestedTree): Promise<Admission> {
    const { header, tallies } = submitted;
    const { epoch, side } = header;
    if (await isReported(transaction, epoch, side)) return { outcome: 'decided' };
    const { frozen } = await readState(transaction);
    if (frozen) throw new Problem('decisions-frozen');
    if (epoch !== (await this.shadows.countableEpoch(transaction, side))) throw new NotAdmitted('old-epoch');
    const shadow = await this.shadows.own(transaction, await this.followed.live(transaction));
    if (!shadow || !sameBytes(shadow.policy.digest, fromBase64Url(header.policyDigest))) throw new NotAdmitted('old-policy');
    await this.soundness.require(transaction, submitted, shadow.policy.document);
    if (!(await this.shadows.canTell(transaction))) return { outcome: 'waiting' };
    // another shadow may have begun since a crash: that one has its turn with the next epoch
    if (!(await noteDigests(transaction, header, tallies))) throw new NotAdmitted('old-epoch');
    const counts = treeCounts(submitted, attested, shadow.policy);
    return {
      outcome: 'open',
      policy: shadow.policy,
      announces: { type: 'shadow-tally', epsilon: this.shadows.epsilon, ...counts },
    };
  }
}
