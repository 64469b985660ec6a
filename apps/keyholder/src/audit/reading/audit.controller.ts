/** `GET /v1/audit?after=N`: the log for operators, who check it with `verifyAudit`. */
import { Controller, Get, Headers, Query } from '@nestjs/common';
import { z } from 'zod';
import { Problem, toBase64Url, type auditEntries } from '#contracts';
import { Clock, zodQuery } from '#platform';
import { PolicyStore } from '#policy';
import { KeyholderKeys } from '../../keys/keyholder-keys.js';
import { AuditLog } from '../audit-log.js';
import { operatorOf } from './operator-token.js';

const afterQuery = z.object({ after: z.coerce.number().int().nonnegative().max(2_147_483_647).default(0) });

@Controller('v1/audit')
export class AuditController {
  constructor(
    private readonly log: AuditLog,
    private readonly keys: KeyholderKeys,
    private readonly policies: PolicyStore,
    private readonly clock: Clock,
  ) {}

  @Get()
  async entries(
    @Headers('authorization') authorization: string | undefined,
    @Query(zodQuery(afterQuery)) { after }: z.output<typeof afterQuery>,
  ): Promise<z.input<typeof auditEntries>> {
    const operator = await operatorOf(authorization, {
      operators: this.policies.operators.keys,
      audiences: [this.keys.keyHolderId, this.policies.live().document.audience],
      nowMs: this.clock.now().getTime(),
    });
    if (operator === undefined) throw new Problem('not-authenticated');
    const entries = await this.log.after(after);
    return {
      entries: entries.map((entry) => ({
        ...entry,
        previous: toBase64Url(entry.previous),
        signature: toBase64Url(entry.signature),
      })),
    };
  }
}
