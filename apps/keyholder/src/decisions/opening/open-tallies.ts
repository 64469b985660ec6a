/**
 * Opens the ciphertexts of an attested tree as they come in, a few at a time, and adds the slots up per handle and operator. Holds a few
 * ciphertexts and one cohort's holders; no slot vector outlives its ciphertext.
 */
import { createHash } from 'node:crypto';
import { fromBase64Url, sameBytes, type PolicyDocument } from '#contracts';
import { hubOf, largestSlot, operatorIds } from '#policy';
import type { Tally } from '#tallies';
import type { Schemes } from '../../key-epochs/schemes.js';
import { TallyRefused, type TallyFault } from '../../secret-key/index.js';
import { HandleSums } from '../scores/handle-sums.js';

/** Ciphertexts under way, so that reading and checking go on while workers decrypt. */
const underWay = 8;

export interface OpenOptions {
  readonly tallies: readonly Tally[];
  /** In leaf order. */
  readonly ciphertexts: AsyncIterable<Uint8Array>;
  readonly policy: PolicyDocument;
  /** Opens each with the secret of its own key epoch. */
  readonly schemes: Pick<Schemes, 'openTally'>;
  /** Cohorts below are of a generation before this one: whose slots are not known count for nobody there. */
  readonly firstCohort: number;
  /** Slot → handle as latin1 text. */
  readonly holdersOf: (cohort: number) => Promise<ReadonlyMap<number, string>>;
}

/** `other-ciphertext`: not the bytes that were attested, so nobody's fault but the sender's. All others are the attesters'. */
export type OpenFault = 'other-ciphertext' | 'unheld-slot' | TallyFault;

export class OpenRefused extends Error {
  override readonly name = 'OpenRefused';

  constructor(readonly fault: OpenFault) {
    super('tallies refused');
  }
}

/** @throws OpenRefused at the first fault, after everything that was under way has ended. */
export async function openTallies(options: OpenOptions): Promise<HandleSums> {
  const { tallies, ciphertexts, policy } = options;
  const operators = operatorIds(policy);
  const sums = new HandleSums(operators);
  const holders = holdersByCohort(options);
  const waiting: Promise<Opened>[] = [];
  const takeOne = async () => addSlots(sums, operators, options, holders, (await waiting.shift()) as Opened);
  try {
    let at = 0;
    for await (const bytes of ciphertexts) {
      const tally = tallies[at++] as Tally;
      if (!sameBytes(createHash('sha256').update(bytes).digest(), fromBase64Url(tally.ciphertext)))
        throw new OpenRefused('other-ciphertext');
      waiting.push(opened(options, tally, bytes));
      if (waiting.length >= underWay) await takeOne();
    }
    while (waiting.length > 0) await takeOne();
    return sums;
  } finally {
    await Promise.allSettled(waiting);
  }
}

interface Opened {
  readonly tally: Tally;
  readonly slots: Uint32Array;
}

function opened({ policy, schemes }: OpenOptions, tally: Tally, bytes: Uint8Array): Promise<Opened> {
  const { keyEpoch, weightSum, squareSum, pseudonyms } = tally;
  const bound = { weightSum, squareSum, maxSlot: largestSlot(policy, pseudonyms) };
  const promise = schemes.openTally(keyEpoch, bytes, bound).then(
    (slots) => ({ tally, slots }),
    (error: unknown) => {
      throw error instanceof TallyRefused ? new OpenRefused(error.reason) : error;
    },
  );
  promise.catch(() => undefined); // it is awaited later, in turn
  return promise;
}

type Holders = (cohort: number) => Promise<ReadonlyMap<number, string>>;

/** Tallies come cohort by cohort: the last one is kept. */
function holdersByCohort({ holdersOf }: OpenOptions): Holders {
  let last: { cohort: number; holders: Promise<ReadonlyMap<number, string>> } | undefined;
  return (cohort) => {
    if (last?.cohort !== cohort) last = { cohort, holders: holdersOf(cohort) };
    return last.holders;
  };
}

async function addSlots(
  sums: HandleSums,
  operators: readonly string[],
  { policy, firstCohort }: Pick<OpenOptions, 'policy' | 'firstCohort'>,
  holdersOf: Holders,
  { tally, slots }: Opened,
) {
  const holders = await holdersOf(tally.cohort);
  const operator = operators.indexOf(hubOf(policy, tally.hub)?.operator ?? '');
  for (let slot = 0; slot < slots.length; slot++) {
    const amount = slots[slot] as number;
    if (amount === 0) continue;
    const handle = holders.get(slot);
    if (handle === undefined && tally.cohort < firstCohort) continue;
    if (handle === undefined) throw new OpenRefused('unheld-slot');
    sums.add(sums.rowOf(handle), operator, amount);
  }
}
