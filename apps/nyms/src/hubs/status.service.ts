/** Is a pseudonym active? Unknown, expired, revoked and nonsense are one answer, after the same look into the database. */
import { Injectable } from '@nestjs/common';
import { Problem, statusRequestType } from '#contracts';
import { Clock } from '#platform';
import { SetRefused, verifyHubRequest } from '#signals';
import type { HubRequest } from '#signals';
import { PseudonymsRepository } from '../pseudonyms/pseudonyms.repository.js';
import { HubRules } from './hub-rules.js';
import { StatusAnswers } from './status-answers.js';

@Injectable()
export class StatusService {
  constructor(
    private readonly rules: HubRules,
    private readonly repository: PseudonymsRepository,
    private readonly answers: StatusAnswers,
    private readonly clock: Clock,
  ) {}

  /** A compact JWS. @throws Problem not-authenticated; not-permitted for a suspended hub */
  async statusOf(uri: string, authorization: string | undefined): Promise<string> {
    const { hub, claims } = await this.authenticated(authorization);
    const today = this.clock.today();
    const found = await this.repository.find(uri.replaceAll('\0', '')); // PostgreSQL text has no NUL, and no URI of ours either
    const asked = (claims['sub_id'] as { uri?: unknown } | undefined)?.uri === uri;
    const active = asked && found?.uri === uri && !found.revoked && found.expiryDay > today;
    return this.answers.sign(this.rules.now().audience, hub.id, uri, active, today);
  }

  private async authenticated(authorization: string | undefined): Promise<HubRequest> {
    const token = /^Bearer ([A-Za-z0-9_.-]{1,8192})$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) throw new Problem('not-authenticated');
    try {
      return await verifyHubRequest(token, statusRequestType, this.rules.now());
    } catch (error) {
      if (!(error instanceof SetRefused)) throw error;
      throw new Problem(error.err === 'access_denied' ? 'not-permitted' : 'not-authenticated');
    }
  }
}
