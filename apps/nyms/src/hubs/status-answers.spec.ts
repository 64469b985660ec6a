import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jwtVerify } from 'jose';
import { statusAnswerType } from '#contracts';
import { generateSigningKey } from '#platform';
import { StatusAnswers } from './status-answers.js';

const answers = new StatusAnswers(generateSigningKey());
const issuer = 'https://provider.example';

describe('a status answer', () => {
  it('has one length for both answers about one address', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 40_000 }), (uri, day) => {
        const [yes, no] = [true, false].map((active) => answers.sign(issuer, 'https://hub.example', uri, active, day));
        expect(yes!.length).toBe(no!.length);
        expect(yes).not.toBe(no);
      }),
    );
  });

  it('is a JWT that any library reads, dated by day', async () => {
    const token = answers.sign(issuer, 'https://hub.example', 'mimi://a.example/p/x', true, 20_780);
    const { payload } = await jwtVerify(token, answers.jwk, { typ: statusAnswerType, issuer, audience: 'https://hub.example' });
    expect(payload).toMatchObject({ iat: 20_780 * 86_400, active: true, sub_id: { format: 'uri', uri: 'mimi://a.example/p/x' } });
  });
});
