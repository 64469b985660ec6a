import { describe, expect, it } from '@jest/globals';
import { parameterSets } from '#he';
import { defaultPolicy, largestTotal } from '#policy';
import type { SecretScheme } from './secret-key/index.js';
import { checkScheme } from './start.js';

const policy = defaultPolicy({ domain: 'p.example', audience: 'https://p.example' });
const set = parameterSets[policy.parameterSet as keyof typeof parameterSets];
/** One whose self-test comes out as given. */
const scheme = (result: string, asked: number[] = []) =>
  ({ set, selfTest: (squareSum: number) => (asked.push(squareSum), Promise.resolve(result)) }) as unknown as SecretScheme;

describe('a key holder', () => {
  it('starts when the fullest sum that the policy allows comes out right', async () => {
    const asked: number[] = [];
    await checkScheme(scheme('passed', asked), policy);
    expect(asked).toEqual([set.slots * 2 * policy.limits.maxPseudonyms * largestTotal(policy) ** 2]);
  });

  it.each(['below-floor', 'wrong-sum'])('does not start when its self-test says %s', async (result) => {
    await expect(checkScheme(scheme(result), policy)).rejects.toThrow(`the self-test of the scheme failed: ${result}`);
  });

  it('does not start with keys of another parameter set than the policy’s', async () => {
    await expect(checkScheme(scheme('passed'), { ...policy, parameterSet: 'n4096-q60-t20' })).rejects.toThrow(/parameter set/);
  });
});
