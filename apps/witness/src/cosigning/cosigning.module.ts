/** The witness of logs: a key of its own and files of its own, beside the tallies and without their database. */
import { Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import type { NoteSigner, NoteVerifier } from '#audit';
import { Clock } from '#platform';
import type { WitnessEvents } from '../events.js';
import { CosigningController } from './cosigning.controller.js';
import { Heads } from './heads.js';
import { LogCosigner } from './log-cosigner.js';

export interface CosigningOptions {
  readonly signer: NoteSigner;
  readonly logs: ReadonlyMap<string, NoteVerifier>;
  readonly headsDir: string;
  readonly events: WitnessEvents;
}

@Module({})
export class CosigningModule implements OnModuleInit {
  constructor(private readonly heads: Heads) {}

  static register({ signer, logs, headsDir, events }: CosigningOptions): DynamicModule {
    return {
      module: CosigningModule,
      controllers: [CosigningController],
      providers: [
        { provide: Heads, useValue: new Heads(headsDir) },
        {
          provide: LogCosigner,
          inject: [Heads, Clock],
          useFactory: (heads: Heads, clock: Clock) =>
            new LogCosigner(signer, logs, heads, clock, (log) => events.emit('log-diverged', { log })),
        },
      ],
    };
  }

  async onModuleInit(): Promise<void> {
    await this.heads.open();
  }
}
