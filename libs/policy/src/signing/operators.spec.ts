import { describe, expect, it } from '@jest/globals';
import { canonicalBytes, frame, labels } from '#contracts';
import { isSignedBy, operatorQuorum, readOperators } from './operators.js';
import { sampleOperators, samplePolicy } from '../sample.fixture.js';
import { policySigners, signPolicy } from './signatures.js';

const key = 'A'.repeat(43);
const other = `B${'A'.repeat(42)}`;

describe('the pinned operators', () => {
  it.each([
    ['a quorum nobody can reach', { quorum: 2, operators: [{ id: 'a', key }] }],
    ['a quorum of nobody', { quorum: 0, operators: [{ id: 'a', key }] }],
    [
      'one id for two keys',
      {
        quorum: 1,
        operators: [
          { id: 'a', key },
          { id: 'a', key: other },
        ],
      },
    ],
    [
      'one key for two ids',
      {
        quorum: 2,
        operators: [
          { id: 'a', key },
          { id: 'b', key },
        ],
      },
    ],
    ['a key of another length', { quorum: 1, operators: [{ id: 'a', key: 'AAAA' }] }],
  ])('must not have %s', (_, value) => {
    expect(() => operatorQuorum(value)).toThrow(/^operators file: /);
  });

  it('says which file cannot be read', () => {
    expect(() => readOperators('/nowhere/operators.json')).toThrow('operators file: /nowhere/operators.json cannot be read');
  });

  it('each count once for exactly the document they signed', () => {
    const { quorum, signers } = sampleOperators(2, 2);
    const policy = signPolicy(samplePolicy(), [...signers, ...signers]);
    expect([...policySigners(policy, quorum)]).toEqual(['op-1', 'op-2']);
    expect(policySigners({ ...policy, document: samplePolicy({ version: 2 }) }, quorum).size).toBe(0);
  });

  it('sign nothing with bytes that are no signature', () => {
    const { quorum } = sampleOperators(1, 1);
    const message = frame(labels.policy, canonicalBytes(samplePolicy()));
    for (const signature of ['', '!', 'AAAA', 'A'.repeat(86)])
      expect(isSignedBy(quorum.keys.get('op-1')!, message, signature)).toBe(false);
  });
});
