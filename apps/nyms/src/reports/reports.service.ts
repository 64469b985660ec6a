/** The reports of hubs about one pseudonym, for a moderator's case. Kept as long as their SETs, and read from nothing else. */
import { Injectable } from '@nestjs/common';
import type { PseudonymReports } from '#contracts';
import { Clock } from '#platform';
import { hubOf, PolicyStore } from '#policy';
import { SignalsRepository } from '#signals';
import { requireCase } from '../moderation/signatures.js';
import { Reasons } from '../reasons/reasons.service.js';
import { shownReport } from './shown-report.js';

@Injectable()
export class Reports {
  constructor(
    private readonly signals: SignalsRepository,
    private readonly reasons: Reasons,
    private readonly policies: PolicyStore,
    private readonly clock: Clock,
  ) {}

  /**
   * None for a pseudonym that nobody knows, and none for one that was revoked and that few operators speak of: how few they are, or that
   * there are none, would tell that it ended with another of its account. @throws Problem not-authenticated, request-malformed
   */
  async about(uri: string, authorization: string | undefined): Promise<PseudonymReports> {
    const { document: policy } = this.policies.live();
    await requireCase(uri, authorization, { policy, now: this.clock.now() });
    const [stored, why] = await Promise.all([this.signals.reportsAbout(uri), this.reasons.shown(uri)]);
    if (why?.operators.least === 0) return { reports: [] };
    return { reports: stored.flatMap((report) => shownReport(report, hubOf(policy, report.hub)) ?? []) };
  }
}
