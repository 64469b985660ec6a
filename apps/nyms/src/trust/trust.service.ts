/**
 * Moderators' reviews of signals that have counted, and the trust in each hub that follows from them. A review changes no tally; the suggestion
 * becomes live only when people put it into a policy.
 */
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { Problem } from '#contracts';
import type { hubTrust, ReviewStatement, Signed } from '#contracts';
import { Clock } from '#platform';
import { noReviews, PolicyStore, reviewsByHub, suggestTrust } from '#policy';
import { NymsMetrics } from '../metrics.js';
import { requireReader, requireRecent, requireSigner } from '../moderation/signatures.js';
import { ReviewsRepository } from './reviews.repository.js';

@Injectable()
export class Trust {
  constructor(
    private readonly reviews: ReviewsRepository,
    private readonly policies: PolicyStore,
    private readonly clock: Clock,
    private readonly metrics: NymsMetrics,
  ) {}

  /** @throws Problem not-permitted, request-malformed; not-found when nothing of that hub has counted there, or the moderator spoke before */
  async review(signed: Signed<ReviewStatement>): Promise<void> {
    requireSigner(signed, this.policies.live().document, this.policies.people.newest);
    requireRecent(signed.statement, this.clock.today());
    if ((await this.reviews.add(signed)) !== 'reviewed') throw new Problem('not-found');
    this.metrics.reviewed(signed.statement.finding);
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
