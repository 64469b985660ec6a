import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { samplePeople } from '../people.fixture.js';
import { isUsable } from '../keys.fixture.js';
import { PeopleChain } from './people-chain.js';
import { People, PeopleRefused } from './people.js';

const { document } = samplePeople();
const version = (number: number, afterPolicy?: number): People =>
  People.read({ ...document, version: number, ...(afterPolicy !== undefined && { afterPolicy }) }, isUsable);
const chainOf = (...afterPolicies: readonly number[]): PeopleChain => {
  const chain = new PeopleChain(version(1));
  afterPolicies.forEach((after, at) => chain.add(version(at + 2, after)));
  return chain;
};

describe('the registries that a process knows', () => {
  it('say by the number of a policy alone whose approval it takes', () => {
    const chain = chainOf(3, 3, 7);
    const by = [1, 3, 4, 7, 8, 100].map((policy) => chain.forPolicy(policy)?.version);
    expect(by).toEqual([1, 1, 3, 3, 4, 4]);
  });

  it('give every policy to one registry, and a later policy never to an earlier one', () => {
    const steps = fc.array(fc.nat({ max: 3 }), { maxLength: 8 });
    fc.assert(
      fc.property(steps, (gaps) => {
        let after = 0;
        const chain = chainOf(...gaps.map((gap) => (after += gap)));
        const by = Array.from({ length: 30 }, (_, i) => chain.forPolicy(i + 1)?.version ?? 0);
        expect(by.every((one, i) => one >= 1 && one >= (by[i - 1] ?? 1))).toBe(true);
        expect(by.at(-1)).toBe(chain.newest.version);
      }),
    );
  });

  it('may begin with a later pinned one, and then know nothing of what came before', () => {
    const chain = new PeopleChain(version(4, 9));
    expect([chain.forPolicy(9), chain.forPolicy(10)?.version, chain.version(3)]).toEqual([undefined, 4, undefined]);
  });

  it('are found again by their digest, however many came since', () => {
    const chain = chainOf(3, 7);
    const found = [1, 2, 3].map((number) => chain.withDigest(chain.version(number)!.digest)?.version);
    expect([...found, chain.withDigest('A'.repeat(43))]).toEqual([1, 2, 3, undefined]);
  });

  it.each<[string, () => People]>([
    ['skips one', () => version(4, 3)],
    ['comes again', () => version(2, 3)],
    ['does not name a policy', () => version(3)],
    ['names an earlier policy than the one before', () => version(3, 2)],
  ])('take none that %s', (_, next) => {
    expect(() => chainOf(3).add(next())).toThrow(PeopleRefused);
  });
});
