/**
 * An approved request about a pseudonym on its way to the key holder: nyms adds the pseudonym's newest selector. It can tell neither whether
 * the request was approved nor what came of it: the answer is sealed to the requester, and a refusal is the key holder's own.
 */
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { requestDigest } from '#approvals';
import { toBase64Url } from '#contracts';
import type { executionAnswer, pseudonymExecution } from '#contracts';
import { toSelectorJson } from '#pseudonyms';
import { KeyholderClient } from '../keyholder/keyholder-client.js';
import { PseudonymsRepository } from '../pseudonyms/pseudonyms.repository.js';

@Injectable()
export class ApprovedRequests {
  constructor(
    private readonly pseudonyms: PseudonymsRepository,
    private readonly keyholder: KeyholderClient,
  ) {}

  /** @throws Problem answer-refused, also for a pseudonym that nobody has: that takes as long as any refusal */
  async execute({ request, signature }: z.output<typeof pseudonymExecution>): Promise<z.output<typeof executionAnswer>> {
    const found = await this.pseudonyms.newestSelector(request.parameters.uri);
    const pseudonym = found && {
      selector: toSelectorJson(found.selector),
      salt: toBase64Url(found.salt),
      publicKey: toBase64Url(found.spki),
    };
    return this.keyholder.execute(toBase64Url(requestDigest(request)), { signature, ...(pseudonym && { pseudonym }) });
  }
}
