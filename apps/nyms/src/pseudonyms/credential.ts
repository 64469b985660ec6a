/**
 * The X.509 credential of a pseudonym's client (RFC 9420 §5.3, RFC 5280): subjectAltName = the client's address, the client's key, an empty
 * subject. Everything else is the same for everybody of a period: one issuer, validity from the first day of the period of issue to the
 * pseudonym's last day, no revocation address that would tell who asks. The serial is random.
 */
import 'reflect-metadata';
import { createPrivateKey, randomBytes, webcrypto, X509Certificate as Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { DAY_MS, PERIOD_DAYS, periodOf, toBase64Url } from '#contracts';
import { StartError } from '#platform';

export interface CredentialRequest {
  readonly clientUri: string;
  /** SubjectPublicKeyInfo, DER */
  readonly spki: Uint8Array;
  /** first day on which the pseudonym is no longer valid */
  readonly expiryDay: number;
}

const algorithms = {
  ed25519: { import: { name: 'Ed25519' }, sign: { name: 'Ed25519' } },
  ec: { import: { name: 'ECDSA', namedCurve: 'P-256' }, sign: { name: 'ECDSA', hash: 'SHA-256' } },
} as const;

/** What signs: opened once at start. */
interface Authority {
  readonly key: CryptoKey;
  readonly algorithm: (typeof algorithms)[keyof typeof algorithms]['sign'];
  readonly name: x509.Name;
  readonly identifier: x509.AuthorityKeyIdentifierExtension;
  /** issuing certificate, DER, base64url */
  readonly certificate: string;
}

export class CredentialIssuer {
  constructor(private readonly authority: Authority) {}

  /** Leaf first, DER, base64url. @param today day of issue */
  async issue({ clientUri, spki, expiryDay }: CredentialRequest, today: number): Promise<string[]> {
    const { key, algorithm, name, identifier, certificate } = this.authority;
    const leaf = await x509.X509CertificateGenerator.create({
      serialNumber: serial(),
      subject: '',
      issuer: name,
      notBefore: new Date(periodOf(today) * PERIOD_DAYS * DAY_MS),
      notAfter: new Date(expiryDay * DAY_MS - 1_000),
      publicKey: Uint8Array.from(spki),
      signingKey: key,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.SubjectAlternativeNameExtension([{ type: 'url', value: clientUri }], true), // critical: the subject is empty
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        identifier,
      ],
    });
    return [toBase64Url(new Uint8Array(leaf.rawData)), certificate];
  }
}

/** @throws StartError when key and certificate are none, do not belong together, or the certificate is no authority's */
export async function openIssuer(keyPem: string, certificatePem: string, today: number): Promise<CredentialIssuer> {
  const { privateKey, parsed } = parse(keyPem, certificatePem);
  const kind = algorithms[privateKey.asymmetricKeyType as keyof typeof algorithms];
  const curve = privateKey.asymmetricKeyDetails?.namedCurve;
  if (!kind || (curve !== undefined && curve !== 'prime256v1') || !parsed.ca || !parsed.checkPrivateKey(privateKey))
    throw new StartError('the credential certificate must be an authority, for the Ed25519 or P-256 credential key');
  if (new Date(parsed.validTo).getTime() < today * DAY_MS) throw new StartError('the credential certificate has expired');
  const der = new Uint8Array(parsed.raw);
  const { subjectName: name, publicKey } = new x509.X509Certificate(der);
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
  return new CredentialIssuer({
    key: (await webcrypto.subtle.importKey('pkcs8', pkcs8, kind.import, false, ['sign'])) as CryptoKey,
    algorithm: kind.sign,
    name,
    identifier: await x509.AuthorityKeyIdentifierExtension.create(publicKey),
    certificate: toBase64Url(der),
  });
}

function parse(keyPem: string, certificatePem: string) {
  try {
    return { privateKey: createPrivateKey(keyPem), parsed: new Certificate(certificatePem) };
  } catch {
    throw new StartError('NYMS_CREDENTIAL_KEY_FILE and NYMS_CREDENTIAL_CERT_FILE must be a PEM key and a PEM certificate');
  }
}

/** 126 random bits, one length, positive and never zero in DER (RFC 5280 §4.1.2.2). */
function serial(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return bytes.toString('hex');
}
