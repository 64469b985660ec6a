/**
 * Is a pseudonym active? The hub signs its question, the provider signs its answer (protocol.md §7, issue "status"). `false` says no
 * more than that: unknown, expired and revoked look alike.
 */
import { jwtVerify } from 'jose';
import type { JWTVerifyGetKey } from 'jose';
import { statusAnswerType, statusPlace, statusRequestType, statusResponse } from '#contracts';
import type { StatusPlace } from '#contracts';
import { StatusUnavailable } from '../errors.js';
import { askAsHub, type QuestionRules } from './hub-question.js';

/** An answer is dated by day: yesterday's may still be on its way at midnight. */
const OLDEST = '2 days';

export interface Status {
  readonly active: boolean;
  /** Where the status lists show it from now on, while it is active. */
  readonly place: StatusPlace;
}

export class StatusCheck {
  /** @param keys the provider's */
  constructor(
    private readonly rules: QuestionRules,
    private readonly keys: JWTVerifyGetKey,
  ) {}

  /** @throws StatusUnavailable: no answer, or none that can be trusted */
  async of(uri: string): Promise<Status> {
    const { hub, audience, now } = this.rules;
    try {
      const { payload } = await jwtVerify(await this.ask(uri), this.keys, {
        algorithms: ['EdDSA'],
        typ: statusAnswerType,
        issuer: audience,
        audience: hub,
        maxTokenAge: OLDEST,
        clockTolerance: '1 day',
        currentDate: now(),
      });
      const { sub_id: subject, active } = payload as { sub_id?: { uri?: unknown }; active?: unknown };
      if (subject?.uri !== uri || typeof active !== 'boolean') throw new Error('the answer is about something else');
      return { active, place: statusPlace.parse(payload['status']).status_list };
    } catch (error) {
      throw error instanceof StatusUnavailable ? error : new StatusUnavailable('no trusted answer', { cause: error });
    }
  }

  private async ask(uri: string): Promise<string> {
    const path = `/v1/pseudonyms/${encodeURIComponent(uri)}/status`;
    const response = await askAsHub(path, statusRequestType, { sub_id: { format: 'uri', uri } }, this.rules);
    if (response.status !== 200) {
      await response.arrayBuffer();
      throw new StatusUnavailable(`status ${response.status}`);
    }
    return statusResponse.parse(await response.json()).status;
  }
}
