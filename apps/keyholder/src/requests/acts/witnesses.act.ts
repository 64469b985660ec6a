/** The next pinned correlators and witnesses, and how many witnesses a tally takes. */
import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts';
import type { Transaction } from '../../database/writer.js';
import { AttesterRegistry } from '../../decisions/attesters/attester-registry.js';
import { addAttesters } from '../../decisions/attesters/attesters.repository.js';
import { attestersOf } from '../../decisions/checks/attesters.js';
import type { Act, ActDone, Approved } from './act.js';

@Injectable()
export class WitnessesAct implements Act<'witnesses'> {
  readonly type = 'witnesses';
  readonly namesPseudonym = false;

  constructor(private readonly registry: AttesterRegistry) {}

  admits({ parameters }: RequestOf<'witnesses'>): boolean {
    try {
      attestersOf(parameters.attesters);
    } catch {
      return false; // two ids, two keys, or more needed than there are
    }
    return parameters.version === this.registry.current.version + 1;
  }

  async run(transaction: Transaction, { request }: Approved<'witnesses'>): Promise<ActDone> {
    const { version, attesters } = request.parameters;
    await addAttesters(transaction, { version, document: JSON.stringify(attesters) });
    const next = { version, attesters: attestersOf(attesters) };
    return { output: { output: 'nothing' }, after: () => this.registry.follow(next) };
  }
}
