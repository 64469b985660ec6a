import { describe, expect, it } from '@jest/globals';
import { openScheme } from '../open-scheme.js';
import { parameterSets } from '../parameter-sets.js';
import { plainSelector, plainSum, plainSumSlots } from './plain-records.js';

const set = parameterSets['plain-n2048'];
const slotsOf = (bytes: Uint8Array | undefined) => plainSumSlots(set, bytes as Uint8Array);

describe('plain twin', () => {
  it('adds weights per hub and slot', async () => {
    const scheme = await openScheme('plain-n2048');
    const fold = await scheme.openFold();
    const selectors = Buffer.concat([plainSelector(set, 5), plainSelector(set, 5), plainSelector(set, 2047)]);
    await fold.add({
      selectors,
      terms: [
        [{ hub: 2, weight: 3 }],
        [
          { hub: 2, weight: 4 },
          { hub: 1, weight: 9 },
        ],
        [{ hub: 1, weight: 1 }],
      ],
    });
    const sums = await fold.finish();
    expect([...sums.keys()]).toEqual([1, 2]);
    expect([slotsOf(sums.get(1))[5], slotsOf(sums.get(1))[2047], slotsOf(sums.get(2))[5]]).toEqual([9, 1, 7]);
    scheme.checkCiphertext(sums.get(1) as Uint8Array);
  });

  it('wraps at t like the encrypted one', async () => {
    const fold = await (await openScheme('plain-n2048')).openFold();
    for (let i = 0; i < 3; i++) await fold.add({ selectors: plainSelector(set, 0), terms: [[{ hub: 0, weight: 516_096 }]] });
    expect(slotsOf((await fold.finish()).get(0))[0]).toBe(3 * 516_096 - set.plainModulus);
  });

  it('takes a batch whole or not at all', async () => {
    const fold = await (await openScheme('plain-n2048')).openFold();
    const terms = [[{ hub: 0, weight: 1 }], [{ hub: 0, weight: 1 }]];
    const selectors = Buffer.concat([plainSelector(set, 0), new Uint8Array(set.selectorBytes)]);
    await expect(fold.add({ selectors, terms })).rejects.toMatchObject({ name: 'CiphertextRefused', code: 'header', at: 1 });
    expect((await fold.finish()).size).toBe(0);
  });

  it('is of no use after finish, abandon and close', async () => {
    const scheme = await openScheme('plain-n2048');
    const [finished, abandoned, open] = [await scheme.openFold(), await scheme.openFold(), await scheme.openFold()];
    await finished.finish();
    await abandoned.abandon();
    await expect(finished.finish()).rejects.toMatchObject({ code: 'ended' });
    await expect(abandoned.finish()).rejects.toMatchObject({ code: 'ended' });
    await scheme.close();
    await expect(open.finish()).rejects.toMatchObject({ name: 'SchemeClosed' });
    await expect(scheme.openFold()).rejects.toMatchObject({ name: 'SchemeClosed' });
  });

  it('refuses records with a slot or a value out of range', async () => {
    const scheme = await openScheme('plain-n2048');
    const selector = plainSelector(set, 2047);
    scheme.checkSelector(selector);
    selector[5] = 8;
    expect(() => scheme.checkSelector(selector)).toThrow(expect.objectContaining({ code: 'coefficient' }));
    expect(() => scheme.checkCiphertext(plainSum(set, Uint32Array.of(set.plainModulus)))).toThrow(
      expect.objectContaining({ code: 'coefficient' }),
    );
    expect(() => plainSelector(set, 2048)).toThrow(RangeError);
  });
});
