/** The rules of `treeFault`, with what this key holder knows now: its parameter set, its cohorts and its generation. */
import { Injectable } from '@nestjs/common';
import type { PolicyDocument } from '#contracts';
import { parameterSet } from '#he';
import type { DecisionHeader } from '#tallies';
import type { Transaction } from '../../database/writer.js';
import { firstNumberOf } from '../../generation/generation-rules.js';
import { Generation } from '../../generation/generation.js';
import { KeyholderKeys } from '../../keys/keyholder-keys.js';
import { knownCohorts } from '../decisions.repository.js';
import { ImpossibleTree } from '../freezing/refusals.js';
import { treeFault } from './tree-fault.js';

@Injectable()
export class Soundness {
  constructor(
    private readonly keys: KeyholderKeys,
    private readonly generation: Generation,
  ) {}

  /** @param policy that the tree weighs by. @throws ImpossibleTree */
  async require(transaction: Transaction, submitted: DecisionHeader, policy: PolicyDocument): Promise<void> {
    const fault = treeFault(submitted, {
      parameterSet: this.keys.parameterSet,
      slots: parameterSet(this.keys.parameterSet).slots,
      policy,
      cohorts: await knownCohorts(transaction),
      firstCohort: firstNumberOf(this.generation.number),
    });
    if (fault) throw new ImpossibleTree(fault);
  }
}
