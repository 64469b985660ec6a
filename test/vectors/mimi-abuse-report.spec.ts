/** Known answers for the AbuseReport codec. Nobody publishes any: these are ours, written from the structs part by part and by hand. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { decodeAbuseReport, encodeAbuseReport, FrankingKey, frankingMessage, MimiRefused } from '#mimi';

interface Vectors {
  reports: { name: string; parts: [hex: string, what: string][]; value: unknown }[];
  signed: { parts: [string, string][]; publicKey: string; signature: string; senderUri: string; roomUri: string };
  refused: { fault: string; hex: string }[];
}
const file = path.join(import.meta.dirname, 'mimi-protocol-06-abuse-report.nymtally-own.json');
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;
const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
const joined = (parts: Vectors['signed']['parts']): Uint8Array => hex(parts.map(([part]) => part).join(''));
/** Bytes as hex, so that values compare with the file's. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, one: unknown) =>
      one instanceof Uint8Array ? Buffer.from(one).toString('hex') : typeof one === 'bigint' ? String(one) : one,
    ),
  );

describe('AbuseReport of mimi-protocol-06', () => {
  it.each(vectors.reports)('is read and written as it is by hand: $name', ({ parts, value }) => {
    const report = decodeAbuseReport(joined(parts));
    expect(plain(report)).toEqual(value);
    expect(encodeAbuseReport(report)).toEqual(joined(parts));
  });

  it.each(vectors.refused)('is refused, $fault: $hex', ({ fault, hex: bytes }) => {
    let refused: unknown;
    try {
      decodeAbuseReport(hex(bytes));
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(MimiRefused);
    expect((refused as MimiRefused).fault).toBe(fault);
  });

  it('signs what is under a frank’s signature by hand, and the signature fits', () => {
    const { parts, publicKey, signature, senderUri, roomUri } = vectors.signed;
    const serverFrank = hex('00112233445566778899aabbccddeeff'.repeat(2));
    const context = { senderUri, roomUri, acceptedTimestamp: 0x19d2d8f4c00n };
    expect(frankingMessage({ serverFrank, cipherSuite: 1 }, context)).toEqual(joined(parts));
    const frank = { serverFrank, cipherSuite: 1, integritySignature: hex(signature) };
    expect(FrankingKey.read(1, hex(publicKey))!.attests(frank, context)).toBe(true);
    expect(FrankingKey.read(1, hex(publicKey))!.attests(frank, { ...context, roomUri: senderUri })).toBe(false);
  });
});
