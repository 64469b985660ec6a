import { describe, expect, it } from '@jest/globals';
import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { moderatorRequestType } from '#contracts';
import { generateSigningKey, type SigningKey } from '#platform';
import { operatorOf } from './operator-token.js';

const operator = generateSigningKey();
const nowMs = 1_800_000_000_000;
const rules = { operators: new Map([['olga', operator.publicKey]]), audiences: ['key-holder-1'], nowMs };
const good = { iss: 'olga', aud: 'key-holder-1', iat: nowMs / 1_000 };

async function asked(claims: object, { key = operator, typ = moderatorRequestType }: { key?: SigningKey; typ?: string } = {}) {
  const token = await new SignJWT({ ...claims }).setProtectedHeader({ alg: 'EdDSA', typ }).sign(createPrivateKey(key.toPem()));
  return operatorOf(`Bearer ${token}`, rules);
}

describe("an operator's read", () => {
  it('is known by its own signature', async () => {
    expect(await asked(good)).toBe('olga');
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
      expect(await operatorOf(header, rules)).toBeUndefined();
  });
});
