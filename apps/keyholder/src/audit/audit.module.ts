/** The log, and the state that goes with it, for every module that acts. Open before anything is served. */
import { Global, Inject, Module, type BeforeApplicationShutdown, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import type { MerkleTree } from '#audit';
import { Repeated, TlsIdentity } from '#platform';
import { Writer } from '../database/writer.js';
import { EVENTS, type KeyholderEvents } from '../events.js';
import { Generation } from '../generation/generation.js';
import { KeyholderKeys } from '../keys/keyholder-keys.js';
import { AUDIT_LIMITS, AuditLog, type AuditLimits } from './audit-log.js';
import { Cosigner } from './cosigning/cosigner.js';
import type { LogWitnesses } from './cosigning/log-witnesses.js';
import { linkTo } from './cosigning/witness-link.js';
import { FollowedPolicy } from './followed-policy.js';
import { AuditController } from './reading/audit.controller.js';
import { RefusalCounts } from './refusal-counts.js';

const catchUpMs = 1_000;

export interface AuditOptions extends AuditLimits {
  readonly witnesses: LogWitnesses;
  /** what has been read of the log already */
  readonly log: MerkleTree;
}

@Global()
@Module({})
export class AuditModule implements OnModuleInit, BeforeApplicationShutdown {
  private readonly catchingUp = new Repeated(
    () => this.catchUp(),
    (error) => this.events.emit('upkeep-failed', {}, error),
  );

  constructor(
    private readonly log: AuditLog,
    private readonly cosigner: Cosigner,
    private readonly policy: FollowedPolicy,
    @Inject(EVENTS) private readonly events: KeyholderEvents,
  ) {}

  static register({ witnesses, deadlineMs, log }: AuditOptions): DynamicModule {
    return {
      module: AuditModule,
      controllers: [AuditController],
      providers: [
        { provide: AUDIT_LIMITS, useValue: { deadlineMs } },
        {
          provide: Cosigner,
          inject: [Writer, Generation, KeyholderKeys, TlsIdentity, EVENTS],
          useFactory: (
            writer: Writer,
            generation: Generation,
            keys: KeyholderKeys,
            identity: TlsIdentity,
            events: KeyholderEvents,
          ) =>
            new Cosigner({
              writer,
              generation,
              signer: keys.logSigner(generation.number),
              witnesses,
              linkTo: (url) => linkTo(url, identity),
              deadlineMs,
              events,
              read: log,
            }),
        },
        AuditLog,
        FollowedPolicy,
        RefusalCounts,
      ],
      exports: [AuditLog, FollowedPolicy, RefusalCounts],
    };
  }

  async onModuleInit(): Promise<void> {
    await this.log.open();
    await this.policy.open();
    this.catchingUp.start(catchUpMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.catchingUp.stop();
    await this.cosigner.close();
  }

  private async catchUp(): Promise<void> {
    await this.log.catchUp();
    await this.policy.followIfPossible();
  }
}
