/**
 * A version of the policy was approved: the log has it before it goes anywhere, and what people signed here is the very file that this
 * process and all others check before they follow it. Nothing else changes yet: the document is no part of a request.
 */
import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts';
import { readState } from '../../audit/state.repository.js';
import type { Transaction } from '../../database/writer.js';
import type { Act, ActDone } from './act.js';

@Injectable()
export class PolicyAct implements Act<'policy'> {
  readonly type = 'policy';
  readonly namesPseudonym = false;

  /** A version that was followed, or one before it, never becomes live again: a rollback is a new version. */
  async admits({ parameters }: RequestOf<'policy'>, transaction: Transaction): Promise<boolean> {
    return parameters.version > (await readState(transaction)).policyVersion;
  }

  run(): Promise<ActDone> {
    return Promise.resolve({ output: { output: 'nothing' } });
  }
}
