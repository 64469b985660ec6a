/** Just enough DER (X.690) to write a certificate: definite lengths, no parsing. Pure. */
import { concat } from '#contracts';

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  /** GeneralName uniformResourceIdentifier, [6] IMPLICIT IA5String */
  uri: 0x86,
  /** TBSCertificate version, [0] EXPLICIT */
  version: 0xa0,
  /** TBSCertificate extensions, [3] EXPLICIT */
  extensions: 0xa3,
} as const;

/** Tag, length, value; the value is the parts behind each other. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const value = concat(...parts);
  return concat(Uint8Array.of(tag, ...lengthOf(value.length)), value);
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 + bytes.length, ...bytes];
}

/** Whole seconds, UTC: UTCTime until 2049, GeneralizedTime after (RFC 5280 §4.1.2.5). */
export function derTime(at: Date): Uint8Array {
  const digits = at.toISOString().replace(/[-:T]|\.\d{3}/g, ''); // YYYYMMDDhhmmssZ
  const short = at.getUTCFullYear() < 2050;
  return der(short ? tags.utcTime : tags.generalizedTime, new TextEncoder().encode(short ? digits.slice(2) : digits));
}
