/**
 * The policy this key holder acts by: the live one, unless a newer version has been followed before (protocol.md §5, "policy not older").
 * Each version that is followed for the first time is a row of the log.
 */
import { Injectable } from '@nestjs/common';
import { Problem, toBase64Url } from '#contracts';
import { PolicyStore, type Policy } from '#policy';
import type { Transaction } from '../database/writer.js';
import { AuditLog } from './audit-log.js';
import { followVersion, readState } from './state.repository.js';

@Injectable()
export class FollowedPolicy {
  constructor(
    private readonly policies: PolicyStore,
    private readonly log: AuditLog,
  ) {}

  /** @throws Problem service-unavailable when the folder has been rolled back: an operator must put the newer file there again. */
  async live(transaction: Transaction): Promise<Policy> {
    const policy = this.policies.live();
    const { policyVersion } = await readState(transaction);
    if (policy.version < policyVersion)
      throw new Problem('service-unavailable', { detail: 'the policy followed before is missing' });
    if (policy.version > policyVersion) {
      await followVersion(transaction, policy.version);
      await this.log.append(transaction, { type: 'policy', version: policy.version, digest: toBase64Url(policy.digest) });
    }
    return policy;
  }
}
