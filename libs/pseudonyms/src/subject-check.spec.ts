import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { subjectOf } from '#tickets';
import { checkSubject, isSelectorOf, subjectOfOpening } from './subject-check.js';

const opening = { salt: new Uint8Array(16).fill(1), uri: 'mimi://example.com/p/abc', spki: new Uint8Array(44).fill(2) };

describe('checkSubject', () => {
  it('computes subjects as clients do', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.string(), fc.uint8Array(), async (salt, uri, spki) => {
        expect(new Uint8Array(subjectOfOpening({ salt, uri, spki }))).toEqual(await subjectOf(salt, uri, spki));
      }),
      { numRuns: 50 },
    );
  });

  it('takes the pseudonym a selector was minted for', () => {
    expect(isSelectorOf({ subject: subjectOfOpening(opening) }, opening)).toBe(true);
  });

  it.each([
    ['salt', { salt: new Uint8Array(16) }],
    ['address', { uri: 'mimi://example.com/p/abd' }],
    ['key', { spki: new Uint8Array(44) }],
  ])('refuses a selector moved to another %s', (_, change) => {
    expect(() => checkSubject({ subject: subjectOfOpening(opening) }, { ...opening, ...change }, 1)).toThrow(
      'selector 1 refused: subject',
    );
  });
});
