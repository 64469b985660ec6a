import { describe, expect, it } from '@jest/globals';
import { checkSubject, isSelectorOf, subjectOf } from './subject-check.js';

const opening = { salt: new Uint8Array(16).fill(1), uri: 'mimi://example.com/p/abc', spki: new Uint8Array(44).fill(2) };

describe('checkSubject', () => {
  it('takes the pseudonym a selector was minted for', () => {
    expect(isSelectorOf({ subject: subjectOf(opening) }, opening)).toBe(true);
  });

  it.each([
    ['salt', { salt: new Uint8Array(16) }],
    ['address', { uri: 'mimi://example.com/p/abd' }],
    ['key', { spki: new Uint8Array(44) }],
  ])('refuses a selector moved to another %s', (_, change) => {
    expect(() => checkSubject({ subject: subjectOf(opening) }, { ...opening, ...change }, 1)).toThrow(
      'selector 1 refused: subject',
    );
  });
});
