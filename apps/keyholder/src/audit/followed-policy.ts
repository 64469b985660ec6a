/**
 * The policy this key holder acts by: the newest that its log says is followed (protocol.md §5, "policy not older"). A newer one in the
 * folder is announced first; until that is cosigned, the one before it stays in use, and a key holder that has none yet does nothing. One
 * whose request has expired before it came here stays unfollowed: an approval must not lie ready for longer than its approvers meant.
 */
import { Inject, Injectable } from '@nestjs/common';
import { Problem, toBase64Url } from '#contracts';
import { Clock } from '#platform';
import { PolicyStore, refuseOlder, type Policy } from '#policy';
import { Writer, type Transaction } from '../database/writer.js';
import { EVENTS, type KeyholderEvents } from '../events.js';
import { AuditLog } from './audit-log.js';
import { followVersion, readState } from './state.repository.js';

@Injectable()
export class FollowedPolicy {
  private followed: Policy | undefined;
  private following: Promise<Policy> | undefined;
  private reported = 0;

  constructor(
    private readonly policies: PolicyStore,
    private readonly writer: Writer,
    private readonly log: AuditLog,
    private readonly clock: Clock,
    @Inject(EVENTS) private readonly events: KeyholderEvents,
  ) {}

  /** At start. @throws PolicyRefused 'older' when the folder was rolled back: the newer file must come back. */
  async open(): Promise<void> {
    const policy = this.policies.live();
    const { policyVersion } = await this.writer.transaction(readState);
    refuseOlder(policy.version, policyVersion);
    this.followed = this.policies.byNumber(policyVersion);
    if (policy.version > policyVersion) await this.followIfPossible();
  }

  /** Announces the live policy when it is new. @throws Problem log-unavailable: the one before stays in use */
  async follow(): Promise<Policy> {
    const policy = this.policies.live();
    if (this.followed && policy.version <= this.followed.version) return this.followed;
    if (this.followed && policy.expiresAt <= this.clock.now()) {
      this.report(policy.version);
      return this.followed;
    }
    this.following ??= this.followNew(policy).finally(() => (this.following = undefined));
    return this.following;
  }

  /** The same, when it does not matter yet whether it succeeds. */
  async followIfPossible(): Promise<void> {
    await this.follow().catch((error: unknown) => {
      if (!(error instanceof Problem)) throw error;
      this.report(this.policies.live().version);
    });
  }

  private report(version: number): void {
    if (this.reported !== version) this.events.emit('policy-not-followed', { version });
    this.reported = version;
  }

  /** Is there one to act by? Not on a new database before the first is in the log. */
  get isSome(): boolean {
    return this.followed !== undefined;
  }

  /** For those that act by whatever is followed, old or new. @throws Problem log-unavailable when there is none yet */
  async some(): Promise<void> {
    if (!this.followed) await this.follow();
  }

  /** @throws Problem log-unavailable before the first; PolicyRefused 'older' when the database has followed a newer one. */
  async live(transaction: Transaction): Promise<Policy> {
    if (!this.followed) throw new Problem('log-unavailable', { retryAfterMs: 1_000 });
    const { policyVersion } = await readState(transaction);
    refuseOlder(this.followed.version, policyVersion);
    return this.followed;
  }

  private followNew(policy: Policy): Promise<Policy> {
    const { version } = policy;
    return this.log.perform({ type: 'policy', version, digest: toBase64Url(policy.digest) }, async (index) => {
      await this.writer.transaction(async (transaction) => {
        const { policyVersion } = await readState(transaction);
        refuseOlder(version, policyVersion);
        await followVersion(transaction, version);
        await this.log.complete(transaction, index);
      });
      return (this.followed = policy);
    });
  }
}
