/** A moderator's question, for a case of theirs, why a pseudonym was suspended. Knows signals about that pseudonym; nothing of others. */
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { isEventType, Problem, reasonsCase } from '#contracts';
import type { suspensionReasons } from '#contracts';
import { Clock } from '#platform';
import { PolicyStore } from '#policy';
import { readSet } from '#signals';
import { requireModerator } from '../moderation/signatures.js';
import { reasonsShown } from './reasons-shown.js';
import { ReasonsRepository } from './reasons.repository.js';

@Injectable()
export class Reasons {
  constructor(
    private readonly repository: ReasonsRepository,
    private readonly policies: PolicyStore,
    private readonly clock: Clock,
  ) {}

  /** @throws Problem not-authenticated, request-malformed; not-found for a pseudonym that is not revoked, or that nobody has */
  async of(uri: string, authorization: string | undefined): Promise<z.input<typeof suspensionReasons>> {
    const { document: policy } = this.policies.live();
    const claims = await requireModerator(authorization, { policy, now: this.clock.now() });
    if ((claims['sub_id'] as { uri?: unknown } | undefined)?.uri !== uri) throw new Problem('not-authenticated');
    if (!reasonsCase.safeParse(claims['case']).success)
      throw new Problem('request-malformed', { detail: 'the token names no case' });
    const tokens = await this.repository.talliedAbout(uri.replaceAll('\0', '')); // PostgreSQL text has no NUL
    if (!tokens) throw new Problem('not-found');
    const signals = tokens
      .map(readSet)
      .flatMap(({ hub, eventType: type, payload, issuedAt }) =>
        isEventType(type) ? [{ hub, type, payload, day: Math.floor(issuedAt / 86_400) }] : [],
      );
    return reasonsShown(policy, signals);
  }
}
