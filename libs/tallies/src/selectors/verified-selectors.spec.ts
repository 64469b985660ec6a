import { describe, expect, it } from '@jest/globals';
import { frame, labels, type SelectorId } from '#contracts';
import { generateSigningKey } from '#platform';
import { selectorMessage } from '#pseudonyms';
import { sha256 } from '#audit';
import { VerifiedSelectors, type StoredSelector } from './verified-selectors.js';

const key = generateSigningKey();
const pinned = {
  keyHolderId: 'kh',
  parameterSet: 'plain-n2048',
  selectorKeyOf: (): Uint8Array | undefined => key.publicKey,
  selectorBytes: 16,
};

function selector(n: number): StoredSelector {
  const opening = { salt: new Uint8Array(16).fill(n), uri: `mimi://p.example/p/${n}`, spki: new Uint8Array(44).fill(n) };
  const subject = sha256(frame(labels.subject, opening.salt, opening.uri, sha256(opening.spki)));
  const fields = {
    selectorId: new Uint8Array(16).fill(n) as SelectorId,
    keyEpoch: 1,
    cohort: n,
    period: 691,
    expiryDay: 20_900,
    subject,
    bytes: new Uint8Array(16).fill(n),
  };
  return { ...opening, ...fields, signature: key.sign(selectorMessage(pinned, fields)) };
}

describe('verified selectors', () => {
  it('say what is wrong, also of a selector they have seen unspoiled', async () => {
    const verified = new VerifiedSelectors(pinned, 64);
    const good = selector(1);
    expect([await verified.faultOf(good), await verified.faultOf(good)]).toEqual([undefined, undefined]);
    const spoiled: [Partial<StoredSelector>, string][] = [
      [{ bytes: new Uint8Array(15) }, 'length'],
      [{ bytes: new Uint8Array(16) }, 'signature'],
      [{ cohort: 2 }, 'signature'],
      [{ expiryDay: 20_901 }, 'signature'],
      [{ period: 692 }, 'signature'],
      [{ signature: selector(2).signature }, 'signature'],
      [{ uri: 'mimi://p.example/p/2' }, 'subject'],
      [{ salt: new Uint8Array(16) }, 'subject'],
      [{ spki: new Uint8Array(44) }, 'subject'],
      [{ subject: selector(2).subject }, 'subject'],
    ];
    for (const [change, fault] of spoiled) {
      expect(await verified.faultOf({ ...good, ...change })).toBe(fault);
      expect(await verified.faultOf({ ...good, ...change })).toBe(fault); // a refused one is not remembered
    }
    expect(await verified.faultOf(good)).toBeUndefined();
  });

  it('remember what was verified, so that a signature is checked once', async () => {
    let asked = 0;
    const counting = {
      ...pinned,
      selectorKeyOf(keyEpoch: number) {
        asked++; // whether there is a key, each time; and once more for a signature
        return keyEpoch === 1 ? pinned.selectorKeyOf() : undefined;
      },
    };
    const verified = new VerifiedSelectors(counting, 64);
    for (let i = 0; i < 5; i++) await verified.faultOf(selector(1));
    expect(asked).toBe(5 + 1);
    await verified.faultOf(selector(2));
    expect(asked).toBe(6 + 2);
  });

  it('forget those of a key epoch that the pin names no more', async () => {
    const known = new Set([1]);
    const verified = new VerifiedSelectors({ ...pinned, selectorKeyOf: (of) => (known.has(of) ? key.publicKey : undefined) }, 64);
    expect(await verified.faultOf(selector(1))).toBeUndefined();
    expect([verified.knows(1), verified.knows(2)]).toEqual([true, false]);
    known.clear();
    expect(await verified.faultOf(selector(1))).toBe('signature');
  });

  it('stay right when more come than they can remember', async () => {
    const verified = new VerifiedSelectors(pinned, 8);
    const many = Array.from({ length: 100 }, (_, n) => selector(n));
    const faults = (all: readonly StoredSelector[]) => Promise.all(all.map((one) => verified.faultOf(one)));
    for (let round = 0; round < 2; round++) expect(await faults(many)).toEqual(many.map(() => undefined));
    const moved = many.map((one) => ({ ...one, cohort: one.cohort + 1 }));
    expect(await faults(moved)).toEqual(many.map(() => 'signature'));
  });
});
