/**
 * What the attacker makes of it: called one account is whatever pair has a factor over a threshold. The threshold is chosen on other accounts
 * than those it judges; intervals come from drawing accounts again. Pure, seeded.
 */
import type { SeededRandom } from '../../scenario/random.js';

/** Ends of each account's two pseudonyms, as they are seen. */
export interface Ends {
  readonly one: readonly number[];
  readonly other: readonly number[];
}

export interface Linked {
  /** Share of true pairs called so − share of false ones. */
  readonly advantage: number;
  readonly within95: { readonly low: number; readonly high: number };
  readonly truePositiveRate: number;
  readonly falsePositiveRate: number;
  /** Factors of the true pairs: median, and what one in twenty reaches. */
  readonly bayesFactor: { readonly median: number; readonly high: number };
  /** Median number of pseudonyms of the other hub that fit one as well as its true partner does, itself among them. */
  readonly anonymitySet: number;
}

export const FOLDS = 5;
/** False pairs of each account. */
const OTHERS = 40;
const DRAWS = 1_000;

interface Pair {
  readonly account: number;
  readonly partner: number;
  readonly factor: number;
}

export function linkAdvantage(
  { one, other }: Ends,
  factorOf: (one: number, other: number) => number,
  random: SeededRandom,
): Linked {
  const accounts = one.length;
  if (accounts < 4 * FOLDS) throw new RangeError('too few suspended accounts to judge by');
  const pair = (account: number, partner: number): Pair => ({
    account,
    partner,
    factor: factorOf(one[account]!, other[partner]!),
  });
  const truePairs = one.map((_, account) => pair(account, account));
  // within a fold, so that a judged pair has no account that the threshold was chosen on
  const falsePairs = one.flatMap((_, account) =>
    Array.from({ length: OTHERS }, () => pair(account, otherOfFold(account, accounts, random))),
  );
  const thresholds = Array.from({ length: FOLDS }, (_, fold) => {
    const rest = (pairs: readonly Pair[]) => pairs.filter(({ account }) => account % FOLDS !== fold).map(({ factor }) => factor);
    return bestThreshold(rest(truePairs), rest(falsePairs));
  });
  const isCalled = ({ account, factor }: Pair) => factor >= thresholds[account % FOLDS]!;
  const [judgedTrue, judgedFalse] = [judged(truePairs, isCalled), judged(falsePairs, isCalled)];
  const once = new Uint16Array(accounts).fill(1);
  const [truePositiveRate, falsePositiveRate] = [shareCalled(judgedTrue, once), shareCalled(judgedFalse, once)];
  const drawn = Array.from({ length: DRAWS }, () => {
    const times = new Uint16Array(accounts);
    for (let i = 0; i < accounts; i++) times[Math.floor(random.unit() * accounts)]! += 1;
    return shareCalled(judgedTrue, times) - shareCalled(judgedFalse, times);
  }).sort((a, b) => a - b);
  const factors = truePairs.map(({ factor }) => factor).sort((a, b) => a - b);
  const sets = truePairs.map(({ account, factor }) => other.filter((end) => factorOf(one[account]!, end) >= factor).length);
  return {
    advantage: truePositiveRate - falsePositiveRate,
    within95: { low: quantile(drawn, 0.025), high: quantile(drawn, 0.975) },
    truePositiveRate,
    falsePositiveRate,
    bayesFactor: { median: quantile(factors, 0.5), high: quantile(factors, 0.95) },
    anonymitySet: quantile(
      sets.sort((a, b) => a - b),
      0.5,
    ),
  };
}

function otherOfFold(account: number, accounts: number, random: SeededRandom): number {
  const own = account % FOLDS;
  const size = Math.ceil((accounts - own) / FOLDS);
  for (;;) {
    const partner = own + FOLDS * Math.floor(random.unit() * size);
    if (partner !== account) return partner;
  }
}

/** The least factor from which calling pairs true gives the most advantage. */
function bestThreshold(truePairs: readonly number[], falsePairs: readonly number[]): number {
  const all = [
    ...truePairs.map((factor) => ({ factor, gain: 1 / truePairs.length })),
    ...falsePairs.map((factor) => ({ factor, gain: -1 / falsePairs.length })),
  ].sort((a, b) => b.factor - a.factor);
  let [advantage, best, threshold] = [0, 0, Infinity];
  all.forEach(({ factor, gain }, i) => {
    advantage += gain;
    if (advantage > best && all[i + 1]?.factor !== factor) [best, threshold] = [advantage, factor];
  });
  return threshold;
}

interface Judged {
  readonly accounts: Int32Array;
  readonly partners: Int32Array;
  readonly called: Uint8Array;
}

const judged = (pairs: readonly Pair[], isCalled: (pair: Pair) => boolean): Judged => ({
  accounts: Int32Array.from(pairs, ({ account }) => account),
  partners: Int32Array.from(pairs, ({ partner }) => partner),
  called: Uint8Array.from(pairs, (pair) => (isCalled(pair) ? 1 : 0)),
});

/** A true pair counts as often as its account was drawn, a false one as often as both were. */
function shareCalled({ accounts, partners, called }: Judged, times: Uint16Array): number {
  let [all, hit] = [0, 0];
  for (let i = 0; i < called.length; i++) {
    const [account, partner] = [accounts[i]!, partners[i]!];
    const weight = times[account]! * (account === partner ? 1 : times[partner]!);
    all += weight;
    hit += weight * called[i]!;
  }
  return hit / all;
}

const quantile = (sorted: readonly number[], at: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(at * sorted.length))]!;
