/** A moderator's question, for a case of theirs, why a pseudonym was suspended. Knows signals about that pseudonym; nothing of others. */
import { Injectable } from '@nestjs/common';
import { isEventType, Problem } from '#contracts';
import { Clock } from '#platform';
import { PolicyStore } from '#policy';
import { readSet } from '#signals';
import { requireCase } from '../moderation/signatures.js';
import { reasonsShown } from './reasons-shown.js';
import type { SuspensionReasons } from './reasons-shown.js';
import { ReasonsRepository } from './reasons.repository.js';

@Injectable()
export class Reasons {
  constructor(
    private readonly repository: ReasonsRepository,
    private readonly policies: PolicyStore,
    private readonly clock: Clock,
  ) {}

  /** @throws Problem not-authenticated, request-malformed; not-found for a pseudonym that is not revoked, or that nobody has */
  async of(uri: string, authorization: string | undefined): Promise<SuspensionReasons> {
    await requireCase(uri, authorization, { policy: this.policies.live().document, now: this.clock.now() });
    const shown = await this.shown(uri);
    if (!shown) throw new Problem('not-found');
    return shown;
  }

  /** @returns undefined for a pseudonym that is not revoked, or that nobody has */
  async shown(uri: string): Promise<SuspensionReasons | undefined> {
    const tokens = await this.repository.talliedAbout(uri.replaceAll('\0', '')); // PostgreSQL text has no NUL
    if (!tokens) return undefined;
    const signals = tokens
      .map(readSet)
      .flatMap(({ hub, eventType: type, payload, issuedAt }) =>
        isEventType(type) ? [{ hub, type, payload, day: Math.floor(issuedAt / 86_400) }] : [],
      );
    return reasonsShown(this.policies.live().document, signals);
  }
}
