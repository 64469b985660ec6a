/**
 * Is a pseudonym active, and where do the status lists show it? Unknown, expired, revoked, out of use for a
 * term and nonsense are one answer, after the same looks into the database.
 */
import { Injectable } from '@nestjs/common';
import { statusRequestType } from '#contracts';
import { Clock } from '#platform';
import { PseudonymsRepository } from '../pseudonyms/pseudonyms.repository.js';
import { ListTokens } from '../status-lists/list-tokens.js';
import { StatusIndices } from '../status-lists/status-indices.js';
import { HubQuestions } from './hub-questions.js';
import { HubRules } from './hub-rules.js';
import { StatusAnswers } from './status-answers.js';

@Injectable()
export class StatusService {
  constructor(
    private readonly questions: HubQuestions,
    private readonly rules: HubRules,
    private readonly repository: PseudonymsRepository,
    private readonly indices: StatusIndices,
    private readonly tokens: ListTokens,
    private readonly answers: StatusAnswers,
    private readonly clock: Clock,
  ) {}

  /** A compact JWS. @throws Problem not-authenticated; not-permitted for a suspended hub */
  async statusOf(uri: string, authorization: string | undefined): Promise<string> {
    const { hub, claims } = await this.questions.asked(authorization, statusRequestType);
    const today = this.clock.today();
    const stored = uri.replaceAll('\0', ''); // PostgreSQL text has no NUL, and no URI of ours either
    const found = await this.repository.find(stored);
    const asked = (claims['sub_id'] as { uri?: unknown } | undefined)?.uri === uri;
    const active = asked && found?.uri === uri && !found.revoked && !found.disabled && found.expiryDay > today;
    const { list, idx } = await this.indices.of(stored, active);
    const place = { idx, uri: this.tokens.uriOf(list) };
    return this.answers.sign(this.rules.now().audience, hub.id, { uri, active, place, day: today });
  }
}
