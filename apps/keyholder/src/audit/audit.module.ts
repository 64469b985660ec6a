/** The log, and the state that goes with it, for every module that acts. */
import { Global, Module, type OnModuleInit } from '@nestjs/common';
import { Writer } from '../database/writer.js';
import { KeyholderKeys } from '../keys/keyholder-keys.js';
import { AuditController } from './reading/audit.controller.js';
import { AuditLog } from './audit-log.js';
import { FollowedPolicy } from './followed-policy.js';
import { RefusalCounts } from './refusal-counts.js';
import { claimState } from './state.repository.js';

const services = [AuditLog, FollowedPolicy, RefusalCounts];

@Global()
@Module({ controllers: [AuditController], providers: services, exports: services })
export class AuditModule implements OnModuleInit {
  constructor(
    private readonly writer: Writer,
    private readonly keys: KeyholderKeys,
    private readonly policy: FollowedPolicy,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.writer.transaction(async (transaction) => {
      await claimState(transaction, this.keys.keyHolderId);
      await this.policy.live(transaction);
    });
  }
}
