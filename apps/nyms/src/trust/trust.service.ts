/**
 * Moderators' reviews of signals that have counted, and the trust in each hub that follows from them. A review changes no tally; the suggestion
 * becomes live only when people put it into a policy. A review by pseudonym tells whether that hub spoke of it, so it is taken only where the
 * coarse reasons of a suspension tell as much.
 */
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { Problem } from '#contracts';
import type { hubTrust, ReviewStatement, Signed } from '#contracts';
import { Clock } from '#platform';
import { noReviews, PolicyStore, reviewsByHub, suggestTrust } from '#policy';
import { NymsMetrics } from '../metrics.js';
import { requireReader, requireRecent, requireSigner } from '../moderation/signatures.js';
import { Reasons } from '../reasons/reasons.service.js';
import { ReviewsRepository } from './reviews.repository.js';

@Injectable()
export class Trust {
  constructor(
    private readonly reviews: ReviewsRepository,
    private readonly reasons: Reasons,
    private readonly policies: PolicyStore,
    private readonly clock: Clock,
    private readonly metrics: NymsMetrics,
  ) {}

  /**
   * @throws Problem not-permitted, request-malformed; not-found when nothing of that hub has counted there, the moderator spoke before, or
   * whether something has counted is not to be told
   */
  async review(signed: Signed<ReviewStatement>): Promise<void> {
    const { statement } = signed;
    requireSigner(signed, this.policies.live().document, this.policies.people.newest);
    requireRecent(statement, this.clock.today());
    if (await this.reviews.has(statement)) return;
    if ((await this.isHidden(statement)) || (await this.reviews.add(signed)) !== 'reviewed') throw new Problem('not-found');
    this.metrics.reviewed(statement.finding);
  }

  /** Of a pseudonym that was revoked and that few operators speak of: that a hub says nothing would tell that it ended with another. */
  private async isHidden(statement: ReviewStatement): Promise<boolean> {
    if (statement.type !== 'review-reports') return false;
    return (await this.reasons.shown(statement.uri))?.operators.least === 0;
  }

  /** For moderators and operators, in the order of ids. @throws Problem not-authenticated */
  async ofHubs(authorization: string | undefined): Promise<z.input<typeof hubTrust>> {
    const { document: policy } = this.policies.live();
    await requireReader(authorization, { policy, people: this.policies.people.newest, now: this.clock.now() });
    const found = reviewsByHub(await this.reviews.sayings());
    const hubs = policy.hubs.map(({ id, trust }) => {
      const counts = found.get(id) ?? noReviews;
      const { trust: suggested, why } = suggestTrust(trust, counts);
      return { hub: id, trust, ...counts, suggested, why };
    });
    return { hubs: hubs.sort((a, b) => (a.hub < b.hub ? -1 : 1)) };
  }
}
