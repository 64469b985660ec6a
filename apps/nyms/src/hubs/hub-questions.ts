/** Who asks: a hub of the policy, by a signed question that is good for minutes and for one purpose. */
import { Injectable } from '@nestjs/common';
import { Problem } from '#contracts';
import { SetRefused, verifyHubRequest } from '#signals';
import type { HubRequest } from '#signals';
import { HubRules } from './hub-rules.js';

@Injectable()
export class HubQuestions {
  constructor(private readonly rules: HubRules) {}

  /** @param type `typ` of the purpose. @throws Problem not-authenticated; not-permitted for a suspended hub */
  async asked(authorization: string | undefined, type: string): Promise<HubRequest> {
    const token = /^Bearer ([A-Za-z0-9_.-]{1,8192})$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) throw new Problem('not-authenticated');
    try {
      return await verifyHubRequest(token, type, this.rules.now());
    } catch (error) {
      if (!(error instanceof SetRefused)) throw error;
      throw new Problem(error.err === 'access_denied' ? 'not-permitted' : 'not-authenticated');
    }
  }
}
