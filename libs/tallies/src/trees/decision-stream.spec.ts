import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalBytes } from '#contracts';
import { readDecision, writeDecision, type DecisionHeader } from './decision-stream.js';

const digest = 'A'.repeat(43);
const signature = 'A'.repeat(86);
const header: DecisionHeader = {
  header: {
    v: 1,
    epoch: 3,
    side: 'negative',
    policy: 'live',
    parameterSet: 'plain-n2048',
    build: 'plain-twin/1',
    policyDigest: digest,
    manifestRoot: digest,
    since: 2,
    newPseudonyms: 20,
    objections: digest,
    selectors: digest,
    leaves: 3,
  },
  tallies: [0, 1, 2].map((cohort) => ({
    cohort,
    keyEpoch: 1,
    hub: 'https://a.example',
    pseudonyms: 1,
    weightSum: 32,
    squareSum: 1_024,
    ciphertext: digest,
  })),
  correlator: { id: 'correlator-1', signature },
  witnesses: [{ id: 'witness-1', signature }],
};
const ciphertexts = [1, 2, 3].map((byte) => new Uint8Array(10).fill(byte));
const each = () => 10;

const bytesOf = async (given: unknown = header, bodies = ciphertexts): Promise<Buffer> => {
  const parts: Uint8Array[] = [];
  for await (const part of writeDecision(given as DecisionHeader, bodies)) parts.push(part);
  return Buffer.concat(parts);
};
const all = async (decision: Awaited<ReturnType<typeof readDecision>>) => {
  const read: Uint8Array[] = [];
  for await (const one of decision.ciphertexts) read.push(one);
  return read;
};
const codeOf = async (chunks: Iterable<Uint8Array>, maxHeaderBytes?: number): Promise<unknown> => {
  try {
    await all(await readDecision(chunks, each, maxHeaderBytes));
    return 'taken';
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe('decision stream', () => {
  it('reads what was written, however it is cut', async () => {
    const bytes = await bytesOf();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 12 }), async (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((end, i) => bytes.subarray(places[i], end));
        const decision = await readDecision(chunks, each);
        expect(decision.header).toEqual(header);
        expect(await all(decision)).toEqual(ciphertexts);
      }),
    );
  });

  it('refuses what is cut short anywhere, and what goes on', async () => {
    const bytes = await bytesOf();
    for (const length of [0, 3, 4, 50, bytes.length - 30, bytes.length - 1])
      expect(await codeOf([bytes.subarray(0, length)])).toBe('truncated');
    expect(await codeOf([bytes, Buffer.of(0)])).toBe('trailing');
    expect(await codeOf([bytes, Buffer.alloc(0)])).toBe('taken');
  });

  it('does not make room for a header before it has come', async () => {
    expect(await codeOf([Buffer.of(255, 255, 255, 255)])).toBe('header-length');
    expect(await codeOf([Buffer.of(0, 0, 0, 0)])).toBe('header-length');
    expect(await codeOf([await bytesOf()], 100)).toBe('header-length');
  });

  it('refuses headers that do not fit', async () => {
    const wrong: unknown[] = [
      { ...header, more: 1 },
      { ...header, tallies: header.tallies.slice(1) },
      { ...header, tallies: header.tallies.toReversed() },
      { ...header, witnesses: [...header.witnesses, ...header.witnesses] },
      { ...header, header: { ...header.header, epoch: 0 } },
      { ...header, header: { ...header.header, side: 'both' } },
      { ...header, correlator: { id: 'c', signature: 'A'.repeat(85) } },
      { ...header, tallies: header.tallies.map((own) => ({ ...own, weightSum: 2 ** 60 })) },
    ];
    for (const one of wrong) expect(await codeOf([await bytesOf(one)])).toBe('header');
    const notJson = Buffer.concat([Buffer.of(0, 0, 0, 2), Buffer.of(0xff, 0xfe)]);
    expect(await codeOf([notJson])).toBe('header');
  });

  it('writes the header canonically, so that its length says nothing of the writer', async () => {
    const reordered = Object.fromEntries(Object.entries(header).reverse());
    expect(await bytesOf(reordered)).toEqual(await bytesOf());
    expect((await bytesOf()).readUInt32BE(0)).toBe(canonicalBytes(header).length);
  });
});
