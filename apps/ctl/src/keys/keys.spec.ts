import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { SHARE_BYTES, toBase64Url } from '#contracts';
import { lockShare, readShareFile, shareCommitment } from '#platform';
import { stateLines } from './seal-calls.js';
import { rehearse } from './share-files.js';

const ceremony = toBase64Url(randomBytes(16));
const share = new Uint8Array(randomBytes(SHARE_BYTES));
const head = { ceremony, index: 2, threshold: 2, shares: 2, person: 'bob' };
const passphrase = 'six words of bob';
const file = readShareFile(await lockShare(head, share, passphrase));
const commitments = [shareCommitment(ceremony, 1, new Uint8Array(SHARE_BYTES)), shareCommitment(ceremony, 2, share)].map(
  toBase64Url,
);
const state = { ceremony, threshold: 2, commitments };

describe('a rehearsal', () => {
  it('proves the share that was given out, and tells every other apart', async () => {
    expect(await rehearse(file, passphrase, state)).toBe('proven');
    expect(await rehearse(file, passphrase, { ...state, commitments: commitments.toReversed() })).toBe(
      'not the share that was given out',
    );
    expect(await rehearse(file, `${passphrase}!`, state)).toBe('does not open');
    expect(await rehearse(file, passphrase, { ...state, ceremony: 'A'.repeat(22) })).toBe('of another ceremony');
  });
});

describe('the state of the seal', () => {
  it('says how many are missing', () => {
    expect(stateLines({ sealed: true, mode: 'shares', presented: 1, current: state })).toEqual([
      'sealed: 1 of 2 shares presented, 1 missing',
      `ceremony: ${ceremony}, 2 of 2 shares unseal`,
    ]);
  });

  it('says that a rekey waits to be confirmed, and that nobody holds a share', () => {
    const pending = { ...state, ceremony: 'B'.repeat(22) };
    expect(stateLines({ sealed: false, mode: 'shares', presented: 0, current: state, pending }).at(-1)).toBe(
      `begun, not confirmed: ${'B'.repeat(22)}, 2 of 2 shares unseal`,
    );
    expect(stateLines({ sealed: false, mode: 'auto', presented: 0 })[0]).toContain('for development only');
  });
});
