import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jwtVerify } from 'jose';
import { statusAnswerType } from '#contracts';
import { generateSigningKey } from '#platform';
import { AnswerSigner } from './answer-signer.js';
import { StatusAnswers } from './status-answers.js';

const signer = new AnswerSigner(generateSigningKey());
const answers = new StatusAnswers(signer);
const issuer = 'https://provider.example';
const placeOf = (list: number, idx: number) => ({ idx, uri: `https://nyms.example/v1/status-lists/${list}` });

describe('a status answer', () => {
  it('has one length for all answers about one address, wherever the lists show it', () => {
    const place = fc.record({ list: fc.nat({ max: 999_999 }), idx: fc.nat({ max: 131_071 }) });
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat({ max: 40_000 }), place, place, (uri, day, one, other) => {
        const [yes, no] = [[true, one] as const, [false, other] as const].map(([active, { list, idx }]) =>
          answers.sign(issuer, 'https://hub.example', { uri, active, place: placeOf(list, idx), day }),
        );
        expect(yes!.length).toBe(no!.length);
        expect(yes).not.toBe(no);
      }),
    );
  });

  it('is a JWT that any library reads, dated by day, with the claim of a referenced token', async () => {
    const about = { uri: 'mimi://a.example/p/x', active: true, place: placeOf(3, 77), day: 20_780 };
    const token = answers.sign(issuer, 'https://hub.example', about);
    const { payload } = await jwtVerify(token, signer.jwk, { typ: statusAnswerType, issuer, audience: 'https://hub.example' });
    expect(payload).toMatchObject({
      iat: 20_780 * 86_400,
      active: true,
      sub_id: { format: 'uri', uri: 'mimi://a.example/p/x' },
      status: { status_list: { idx: 77, uri: 'https://nyms.example/v1/status-lists/3' } },
    });
  });
});
