import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { SHARE_BYTES, toBase64Url } from '#contracts';
import { lockShare, readShareFile, shareCommitment, ShareLocked, unlockShare } from './share-file.js';

const head = { ceremony: toBase64Url(randomBytes(16)), index: 2, threshold: 3, shares: 5, person: 'alice' };
const share = new Uint8Array(randomBytes(SHARE_BYTES));
const passphrase = 'correct horse battery';
const text = await lockShare(head, share, passphrase);

describe('a share file', () => {
  it('opens with its passphrase, however its letters are composed, and says what it is', async () => {
    const file = readShareFile(text);
    expect(file).toMatchObject({ ...head, scrypt: { N: 131_072, r: 8, p: 1 } });
    expect(await unlockShare(file, passphrase)).toEqual(share);
    const composed = readShareFile(await lockShare(head, share, 'zw\u00f6lf gr\u00fcne B\u00e4lle'));
    expect(await unlockShare(composed, 'zwo\u0308lf gru\u0308ne Ba\u0308lle')).toEqual(share);
  });

  it('shows no byte of the share', () => {
    for (const form of ['hex', 'base64url'] as const)
      expect(text).not.toContain(Buffer.from(share.subarray(0, 24)).toString(form));
  });

  it('does not open when it was given another place or person', async () => {
    const changed = [{ index: 3 }, { person: 'mallory' }].map((change) => ({ ...readShareFile(text), ...change }));
    for (const file of changed) await expect(unlockShare(file, passphrase)).rejects.toThrow(ShareLocked);
  });

  it('does not open with another passphrase, nor is one made with a short one', async () => {
    await expect(unlockShare(readShareFile(text), `${passphrase}!`)).rejects.toThrow(ShareLocked);
    await expect(lockShare(head, share, 'short')).rejects.toThrow('12 characters');
  });

  it('never makes scrypt work for other parameters than ours', () => {
    for (const scrypt of [{ N: 2 ** 30 }, { N: 2 }, { r: 1_024 }, { p: 64 }]) {
      const file = JSON.parse(text) as { scrypt: object };
      expect(() => readShareFile(JSON.stringify({ ...file, scrypt: { ...file.scrypt, ...scrypt } }))).toThrow('no share file');
    }
    expect(() => readShareFile('{')).toThrow('no share file');
  });
});

describe('a commitment', () => {
  it('is one for one share in one place of one ceremony', () => {
    const other = Uint8Array.from(share);
    other[5]! ^= 1;
    const all = [
      shareCommitment(head.ceremony, 2, share),
      shareCommitment(head.ceremony, 3, share),
      shareCommitment(toBase64Url(randomBytes(16)), 2, share),
      shareCommitment(head.ceremony, 2, other),
    ].map((bytes) => Buffer.from(bytes).toString('hex'));
    expect(new Set(all).size).toBe(4);
    expect(shareCommitment(head.ceremony, 2, share)).toEqual(shareCommitment(head.ceremony, 2, Uint8Array.from(share)));
  });
});
