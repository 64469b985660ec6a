import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { generateSigningKey } from '#platform';
import type { SigningKey } from '#platform';
import { FollowedPin } from './followed-pin.js';
import type { PinReport } from './followed-pin.js';
import { pinText, readPinText, signPin } from './pin-document.js';
import type { PinFields } from './pin-document.js';

const root = generateSigningKey();
const keys = [generateSigningKey(), generateSigningKey()];
const fields = (epochs: readonly number[], more: Partial<PinFields> = {}): PinFields => ({
  keyHolderId: 'kh-1',
  rootKey: root.publicKey,
  parameterSet: 'plain-n2048',
  selectorKeys: epochs.map((keyEpoch) => ({ keyEpoch, key: keys[keyEpoch - 1]!.publicKey })),
  ...more,
});
const textOf = (of: PinFields, signer: SigningKey = root) => pinText(signPin(of, (message) => signer.sign(message)));

describe('a pin', () => {
  it('comes back as it was signed', () => {
    const pin = readPinText(textOf(fields([1, 2])));
    expect(pin).toMatchObject(fields([1, 2]));
  });

  it('is refused when any member was changed, or another key signed it', () => {
    const text = textOf(fields([1]));
    const { selectorKeys, ...rest } = JSON.parse(text) as Record<string, unknown>;
    const other = JSON.parse(textOf(fields([2]))) as Record<string, unknown>;
    const changed = [
      { ...rest, selectorKeys: other['selectorKeys'] },
      { ...rest, selectorKeys, keyHolderId: 'kh-2' },
      { ...rest, selectorKeys, parameterSet: 'n2048-q50-t20' },
      { ...rest, selectorKeys, rootFingerprint: 'A'.repeat(43) },
      { ...rest, selectorKeys: [] },
      { ...rest, selectorKeys, more: 1 },
    ];
    for (const one of changed) expect(() => readPinText(JSON.stringify(one))).toThrow();
    expect(() => readPinText(textOf(fields([1]), generateSigningKey()))).toThrow('not signed by its root key');
  });
});

describe('a followed pin', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pin-'));
  const file = path.join(folder, 'keyholder-public.json');
  let reports: PinReport[];
  const open = () =>
    FollowedPin.open(
      file,
      (set) => (set === 'plain-n2048' ? 16 : undefined),
      (report) => reports.push(report),
    );
  beforeEach(() => {
    reports = [];
    writeFileSync(file, textOf(fields([1])));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('knows a new key epoch as soon as the file names it, and an old one no more when it does not', () => {
    const pin = open();
    expect([pin.selectorKeyOf(1), pin.selectorKeyOf(2)]).toEqual([keys[0]!.publicKey, undefined]);
    writeFileSync(file, textOf(fields([1, 2])));
    expect(pin.selectorKeyOf(2)).toEqual(keys[1]!.publicKey);
    writeFileSync(file, textOf(fields([2])));
    pin.look();
    expect([pin.selectorKeyOf(1), pin.selectorKeyOf(2)]).toEqual([undefined, keys[1]!.publicKey]);
    expect(reports).toEqual([
      { file: 'followed', keyEpochs: 2 },
      { file: 'followed', keyEpochs: 1 },
    ]);
  });

  it('takes no file of another key holder, set or root key, none that is damaged, and says so once for each', () => {
    const pin = open();
    const stranger = generateSigningKey();
    const bad = [
      textOf(fields([1, 2], { rootKey: stranger.publicKey }), stranger),
      textOf(fields([1, 2], { keyHolderId: 'kh-2' })),
      textOf(fields([1, 2], { parameterSet: 'n2048-q50-t20' })),
      textOf(fields([1, 2]), stranger),
      '{',
    ];
    for (const text of bad) {
      writeFileSync(file, text);
      expect([pin.selectorKeyOf(2), pin.selectorKeyOf(1)]).toEqual([undefined, keys[0]!.publicKey]);
      pin.look();
    }
    rmSync(file);
    expect(pin.selectorKeyOf(2)).toBeUndefined();
    expect(reports).toEqual([...bad, 'absent'].map(() => ({ file: 'refused', keyEpochs: 1 })));
  });

  it('is not opened for a parameter set that is not known, or without a file', () => {
    writeFileSync(file, textOf(fields([1], { parameterSet: 'n1' })));
    expect(open).toThrow('none of this version');
    rmSync(file);
    expect(open).toThrow();
  });
});
