/**
 * The X.509 credential of a pseudonym's client (RFC 9420 §5.3, RFC 5280): subjectAltName = the client's address, the client's key, an empty
 * subject. Everything else is the same for everybody of a period: one issuer, validity from the first day of the period of issue to the
 * pseudonym's last day, no revocation address that would tell who asks. The serial is random.
 *
 * What is the same in all of them is made once by @peculiar/x509; per credential only what differs is written, which is twenty times
 * faster. A spec compares the bytes with what the library makes of the same fields.
 */
import 'reflect-metadata';
import { createPrivateKey, randomBytes, sign, X509Certificate as Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { DAY_MS, PERIOD_DAYS, periodOf, toBase64Url, utf8 } from '#contracts';
import { StartError } from '#platform';
import { der, derTime, tags } from './der.js';

export interface CredentialRequest {
  readonly clientUri: string;
  /** SubjectPublicKeyInfo, DER */
  readonly spki: Uint8Array;
  /** first day on which the pseudonym is no longer valid */
  readonly expiryDay: number;
}

/** AlgorithmIdentifier of the signature, and the digest node:crypto signs with (RFC 8410 §3, RFC 5758 §3.2). */
const algorithms = {
  ed25519: { identifier: Buffer.from('300506032b6570', 'hex'), digest: null },
  ec: { identifier: Buffer.from('300a06082a8648ce3d040302', 'hex'), digest: 'sha256' },
} as const;
const version3 = Uint8Array.of(tags.version, 3, tags.integer, 1, 2);
const emptyName = der(tags.sequence);
/** id-ce-subjectAltName, critical because the subject is empty (RFC 5280 §4.2.1.6) */
const altNameHead = Buffer.from('0603551d110101ff', 'hex');

/** What signs: opened once at start. */
interface Authority {
  readonly key: KeyObject;
  readonly algorithm: (typeof algorithms)[keyof typeof algorithms];
  /** DER of its name, and of the extensions that all credentials share */
  readonly name: Uint8Array;
  readonly extensions: Uint8Array;
  /** issuing certificate, DER */
  readonly certificate: Uint8Array;
}

export class CredentialIssuer {
  private readonly chain: string;

  constructor(private readonly authority: Authority) {
    this.chain = toBase64Url(authority.certificate);
  }

  /** Leaf first, DER, base64url. @param today day of issue. @param serial for a spec */
  issue({ clientUri, spki, expiryDay }: CredentialRequest, today: number, serial: Uint8Array = freshSerial()): string[] {
    const { key, algorithm, name, extensions } = this.authority;
    const altName = der(tags.octetString, der(tags.sequence, der(tags.uri, utf8(clientUri))));
    const certificate = der(
      tags.sequence,
      version3,
      der(tags.integer, serial),
      algorithm.identifier,
      name,
      der(
        tags.sequence,
        derTime(new Date(periodOf(today) * PERIOD_DAYS * DAY_MS)),
        derTime(new Date(expiryDay * DAY_MS - 1_000)),
      ),
      emptyName,
      spki,
      der(tags.extensions, der(tags.sequence, der(tags.sequence, altNameHead, altName), extensions)),
    );
    const signature = der(tags.bitString, Uint8Array.of(0), sign(algorithm.digest, certificate, key));
    return [toBase64Url(der(tags.sequence, certificate, algorithm.identifier, signature)), this.chain];
  }
}

/** @throws StartError when key and certificate are none, do not belong together, or the certificate is no authority's */
export async function openIssuer(keyPem: string, certificatePem: string, today: number): Promise<CredentialIssuer> {
  const { key, parsed } = parse(keyPem, certificatePem);
  const algorithm = algorithms[key.asymmetricKeyType as keyof typeof algorithms];
  const isP256 = key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
  if (!algorithm || (algorithm.digest !== null && !isP256) || !parsed.ca || !parsed.checkPrivateKey(key))
    throw new StartError('the credential certificate must be an authority, for the Ed25519 or P-256 credential key');
  if (new Date(parsed.validTo).getTime() < today * DAY_MS) throw new StartError('the credential certificate has expired');
  const { subjectName, publicKey } = new x509.X509Certificate(new Uint8Array(parsed.raw));
  return new CredentialIssuer({
    key,
    algorithm,
    name: new Uint8Array(subjectName.toArrayBuffer()),
    extensions: Buffer.concat((await sharedExtensions(publicKey)).map(({ rawData }) => new Uint8Array(rawData))),
    certificate: new Uint8Array(parsed.raw),
  });
}

/** Behind the subjectAltName, in this order. */
export const sharedExtensions = async (authorityKey: x509.PublicKey): Promise<x509.Extension[]> => [
  new x509.BasicConstraintsExtension(false, undefined, true),
  new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
  await x509.AuthorityKeyIdentifierExtension.create(authorityKey),
];

function parse(keyPem: string, certificatePem: string): { key: KeyObject; parsed: Certificate } {
  try {
    return { key: createPrivateKey(keyPem), parsed: new Certificate(certificatePem) };
  } catch {
    throw new StartError('NYMS_CREDENTIAL_KEY_FILE and NYMS_CREDENTIAL_CERT_FILE must be a PEM key and a PEM certificate');
  }
}

/** 126 random bits, one length, positive and never zero in DER (RFC 5280 §4.1.2.2). */
function freshSerial(): Uint8Array {
  const bytes = Uint8Array.from(randomBytes(16));
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return bytes;
}
