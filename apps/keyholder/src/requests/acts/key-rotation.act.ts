/** The next key epoch: mints and renewals use it from the commit on, and nothing that was made under the one before is lost. */
import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts';
import type { Transaction } from '../../database/writer.js';
import { KeyEpochs } from '../../key-epochs/key-epochs.service.js';
import type { Act, ActDone } from './act.js';

@Injectable()
export class KeyRotationAct implements Act<'key-rotation'> {
  readonly type = 'key-rotation';
  readonly namesPseudonym = false;

  constructor(private readonly keyEpochs: KeyEpochs) {}

  admits(_request: RequestOf<'key-rotation'>, transaction: Transaction): Promise<boolean> {
    return this.keyEpochs.mayBegin(transaction);
  }

  async run(transaction: Transaction): Promise<ActDone> {
    return { output: { output: 'nothing' }, after: await this.keyEpochs.begin(transaction) };
  }
}
