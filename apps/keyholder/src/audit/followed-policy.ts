/**
 * The policy this key holder acts by: the live one, unless a newer version has been followed before (protocol.md §5, "policy not older").
 * Each version that is followed for the first time is a row of the log.
 */
import { Injectable } from '@nestjs/common';
import { toBase64Url } from '#contracts';
import { PolicyStore, refuseOlder, type Policy } from '#policy';
import type { Transaction } from '../database/writer.js';
import { AuditLog } from './audit-log.js';
import { followVersion, readState } from './state.repository.js';

@Injectable()
export class FollowedPolicy {
  constructor(
    private readonly policies: PolicyStore,
    private readonly log: AuditLog,
  ) {}

  /** @throws PolicyRefused 'older' when the folder was rolled back before this process started: the newer file must come back. */
  async live(transaction: Transaction): Promise<Policy> {
    const policy = this.policies.live();
    const { policyVersion } = await readState(transaction);
    refuseOlder(policy.version, policyVersion);
    if (policy.version > policyVersion) {
      await followVersion(transaction, policy.version);
      await this.log.append(transaction, { type: 'policy', version: policy.version, digest: toBase64Url(policy.digest) });
    }
    return policy;
  }
}
