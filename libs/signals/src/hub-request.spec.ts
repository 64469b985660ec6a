import { describe, expect, it } from '@jest/globals';
import { statusRequestType } from '#contracts';
import { verifyHubRequest } from './hub-request.js';
import { AUDIENCE, goodClaims, HUB, hubEntry, hubSigner, NOW, rulesFor, signSet } from './hub.fixture.js';
import { SetRefused } from './signal.js';
import { verifySet } from './verify-set.js';

const signer = hubSigner();
const hub = hubEntry([signer]);
const rules = { ...rulesFor(hub), now: NOW };
const iat = NOW.getTime() / 1_000;
const question = { iss: HUB, aud: AUDIENCE, iat, sub_id: { format: 'uri', uri: 'anything' } };
const signed = (claims: object = question, typ: string = statusRequestType) => signSet(signer, claims, { typ });

async function errOf(token: string, more: object = {}): Promise<string> {
  try {
    await verifyHubRequest(token, statusRequestType, { ...rules, ...more });
    return 'taken';
  } catch (error) {
    if (error instanceof SetRefused) return error.err;
    throw error;
  }
}

describe("a hub's question", () => {
  it('is taken for minutes, whatever it asks about', async () => {
    for (const seconds of [-300, 0, 300]) expect(await errOf(signed({ ...question, iat: iat + seconds }))).toBe('taken');
    for (const seconds of [-301, 301]) expect(await errOf(signed({ ...question, iat: iat + seconds }))).toBe('invalid_request');
    expect(await errOf(signed({ ...question, iat: undefined }))).toBe('invalid_request');
  });

  it('and a SET never pass for each other', async () => {
    expect(await errOf(signed(question, 'secevent+jwt'))).toBe('invalid_request');
    await expect(verifySet(signed(goodClaims()), rules)).rejects.toMatchObject({ err: 'invalid_request' });
  });

  it('is for us, and from a hub that is not suspended', async () => {
    expect(await errOf(signed({ ...question, aud: 'https://other.example' }))).toBe('invalid_audience');
    expect(await errOf(signed({ ...question, iss: 'https://other.example' }))).toBe('invalid_issuer');
    expect(await errOf(signSet(hubSigner('EdDSA', signer.jwk.kid), question, { typ: statusRequestType }))).toBe(
      'authentication_failed',
    );
    expect(await errOf(signed(), rulesFor({ ...hub, status: 'suspended' }))).toBe('access_denied');
  });
});
