/** For specs of the witness: a new world for each case, with a correlator, a witness and two pseudonyms. */
import { afterEach, beforeEach } from '@jest/globals';
import { openCorrelator, openWitness, type Correlator, type Witness } from './tallies-processes.js';
import { TalliesWorld, type Pseudonym } from './tallies-world.js';

export interface Witnessed {
  world: TalliesWorld;
  correlator: Correlator;
  witness: Witness;
  first: Pseudonym;
  second: Pseudonym;
}

/** Call it in a describe block; its members are there in each case. */
export function witnessed(): Witnessed {
  const at = {} as Witnessed;
  beforeEach(async () => {
    at.world = await TalliesWorld.open();
    at.correlator = openCorrelator(at.world);
    at.witness = openWitness(at.world);
    at.first = await at.world.mint(0, 5);
    at.second = await at.world.mint(0, 9);
  });
  afterEach(async () => {
    await Promise.all([at.correlator.close(), at.witness.close()]);
    await at.world.close();
  });
  return at;
}

/** What the witness found wrong, by the name of its event. */
export const faultsOf = ({ witness }: Witnessed, name: string): unknown[] =>
  witness.log.filter((event) => event.name === name).map(({ fields }) => fields['fault']);

/** Closes an epoch and folds it; nobody has attested it yet. @returns its number */
export async function tallied({ correlator, witness }: Witnessed): Promise<number> {
  const { epoch } = await correlator.closing.close();
  await witness.inspecting.inspectNext();
  await correlator.pipeline.advance();
  return epoch;
}
