/** What the bounds of a policy use of its parameter set, in numbers for an operator. Pure. */
import type { PolicyDocument } from '#contracts';
import { capacitySelfTest, isParameterSetName, noiseFloorBits, parameterSet } from '#he';
import { StackError } from '../stack/stack-error.js';

export interface CapacityReport {
  readonly fits: boolean;
  /** measure, value, limit */
  readonly rows: readonly (readonly [string, string, string])[];
}

/** Throws StackError for a set that is not known. */
export function capacityReport({ parameterSet: name, limits, capPerHubAndPseudonym, decay }: PolicyDocument): CapacityReport {
  if (!isParameterSetName(name))
    throw new StackError(`parameter set ${name} is not known`, 'use the ctl of the same version as the service');
  const { maxPseudonyms } = limits;
  const capacity = capacitySelfTest(parameterSet(name), { maxPseudonyms, capPerHubAndPseudonym, decayScale: decay.scale });
  const { slotMaximum, plainShare, noiseBitsLeft, fits } = capacity;
  return {
    fits,
    rows: [
      ['parameter set', name, ''],
      ['highest sum of one account', slotMaximum.toLocaleString('en'), ''],
      ['share of the room for sums', `${(plainShare * 100).toFixed(1)} %`, 'below 100 %'],
      [
        'noise budget of the fullest tally',
        noiseBitsLeft === undefined ? 'none: not encrypted' : `${noiseBitsLeft} bits`,
        `${noiseFloorBits} bits or more`,
      ],
    ],
  };
}
