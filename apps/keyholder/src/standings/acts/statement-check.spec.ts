import { describe, expect, it } from '@jest/globals';
import type { People } from '#approvals';
import { canonicalBytes, frame, labels, toBase64Url, type ActStatement, type PseudonymUri } from '#contracts';
import { generateSigningKey, type SigningKey } from '#platform';
import { defaultPolicy } from '#policy';
import { mayAct } from './statement-check.js';

const [moderator, operator] = [generateSigningKey(), generateSigningKey()];
const policy = defaultPolicy({
  domain: 'provider.example',
  audience: 'https://provider.example',
  moderators: [{ id: 'mia', key: toBase64Url(moderator.publicKey) }],
});
/** Of the registry: a real one takes more people than this asks about. */
const people = {
  keysFor: (id: string, role: string) => (id === 'olga' && role === 'operator' ? [operator.publicKey] : []),
} as People;
const statement = (type: ActStatement['type'], by: string): ActStatement => ({
  v: 1,
  id: 'AAAAAAAAAAAAAAAAAAAAAA',
  by,
  case: 'case-1',
  reason: '',
  day: 20_000,
  type,
  uri: 'mimi://provider.example/p/abc' as PseudonymUri,
});
const signed = (key: SigningKey, body: ActStatement) => toBase64Url(key.sign(frame(labels.statement, canonicalBytes(body))));
const may = (key: SigningKey, type: ActStatement['type'], by: string) =>
  mayAct(statement(type, by), signed(key, statement(type, by)), policy, people);

describe('who may act blindly', () => {
  it('is a moderator of the policy', () => {
    expect([may(moderator, 'suspend', 'mia'), may(moderator, 'reinstate', 'mia')]).toEqual([true, true]);
  });

  it('is an operator for reinstatement only', () => {
    expect([may(operator, 'reinstate', 'olga'), may(operator, 'suspend', 'olga')]).toEqual([true, false]);
  });

  it('is nobody else, and nobody under the name of another', () => {
    expect([
      may(generateSigningKey(), 'suspend', 'mia'),
      may(operator, 'reinstate', 'mia'),
      may(moderator, 'suspend', 'eve'),
    ]).toEqual([false, false, false]);
  });

  it('signs every word of the statement', () => {
    const signature = signed(moderator, statement('suspend', 'mia'));
    expect(mayAct({ ...statement('suspend', 'mia'), case: 'case-2' }, signature, policy, people)).toBe(false);
    expect(mayAct(statement('suspend', 'mia'), 'nonsense', policy, people)).toBe(false);
  });
});
