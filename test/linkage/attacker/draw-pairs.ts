/**
 * Which pairs an attacker is asked about: for each account its true pair, and so many pairs with another account of its fold. Which
 * two things of the accounts make a pair, the caller says.
 */
import type { SeededRandom } from '../../../apps/ctl/src/scenario/random.js';
import { FOLDS } from './samples.js';
import type { Pairs } from './samples.js';

/** Accounts in random order dealt to the folds in turn. */
export function foldsOf(accounts: number, random: SeededRandom): Uint8Array {
  const foldOf = new Uint8Array(accounts);
  random.shuffled(Array.from({ length: accounts }, (_, account) => account)).forEach((account, i) => {
    foldOf[account] = i % FOLDS;
  });
  return foldOf;
}

/**
 * Each account gets one true pair and `others` false ones with accounts of its own fold that `mayMeet`; no two accounts meet twice.
 * Fewer where there are not as many that may.
 */
export function drawPairs(
  accounts: number,
  others: number,
  random: SeededRandom,
  mayMeet: (left: number, right: number) => boolean = () => true,
): Pairs {
  const foldOf = foldsOf(accounts, random);
  const folds = Array.from({ length: FOLDS }, (_, fold) => [...foldOf.keys()].filter((account) => foldOf[account] === fold));
  const [left, right, same]: [number[], number[], number[]] = [[], [], []];
  const met = new Set<number>();
  for (let account = 0; account < accounts; account++) {
    left.push(account);
    right.push(account);
    same.push(1);
    let wanted = others;
    for (const other of random.shuffled(folds[foldOf[account]!]!)) {
      if (wanted === 0) break;
      const key = Math.min(account, other) * accounts + Math.max(account, other);
      if (other === account || met.has(key) || !mayMeet(account, other)) continue;
      met.add(key);
      left.push(account);
      right.push(other);
      same.push(0);
      wanted--;
    }
  }
  return { accounts, foldOf, left: Int32Array.from(left), right: Int32Array.from(right), same: Uint8Array.from(same) };
}
