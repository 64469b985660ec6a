import { describe, expect, it } from '@jest/globals';
import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import type { People } from '#approvals';
import { moderatorRequestType, toBase64Url } from '#contracts';
import { generateSigningKey, type SigningKey } from '#platform';
import { personOf } from './person-token.js';

const operator = generateSigningKey();
const nowMs = 1_800_000_000_000;
const older = generateSigningKey();
const keys = [older, operator].map(({ publicKey }) => ({ key: toBase64Url(publicKey) }));
/** Of the registry: a real one takes more people than this asks about. */
const people = { person: (id: string) => (id === 'olga' ? { keys } : undefined) } as unknown as People;
const rules = { people, audiences: ['key-holder-1'], nowMs };
const good = { iss: 'olga', aud: 'key-holder-1', iat: nowMs / 1_000 };

async function asked(claims: object, { key = operator, typ = moderatorRequestType }: { key?: SigningKey; typ?: string } = {}) {
  const token = await new SignJWT({ ...claims }).setProtectedHeader({ alg: 'EdDSA', typ }).sign(createPrivateKey(key.toPem()));
  return personOf(`Bearer ${token}`, rules);
}

describe("a person's read", () => {
  it('is known by the signature of any of their keys', async () => {
    expect(await asked(good)).toBe('olga');
    expect(await asked(good, { key: older })).toBe('olga');
  });

  it('is refused for another issuer, audience, type, key or time', async () => {
    const answers = [
      asked({ ...good, iss: 'eve' }),
      asked({ ...good, aud: 'elsewhere' }),
      asked(good, { typ: 'JWT' }),
      asked(good, { key: generateSigningKey() }),
      asked({ ...good, iat: nowMs / 1_000 - 301 }),
      asked({ ...good, iat: nowMs / 1_000 + 301 }),
      asked({ iss: 'olga', aud: 'key-holder-1' }),
    ];
    expect(new Set(await Promise.all(answers))).toEqual(new Set([undefined]));
  });

  it('is refused without a signature', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const none = `${part({ alg: 'none', typ: moderatorRequestType })}.${part(good)}.`;
    for (const header of [undefined, '', 'Bearer', `Bearer ${none}`, 'Bearer a.b.c', 'Basic x'])
      expect(await personOf(header, rules)).toBeUndefined();
  });
});
