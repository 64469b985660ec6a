/**
 * Certificates of our processes for each other (X.509, RFC 5280; Ed25519, RFC 8410): an authority of our own, and for each process a
 * certificate with its name and what it may do: be called, call, or both. It knows names of processes and nothing else, and it is not
 * the authority that issues credentials to clients.
 */
import 'reflect-metadata';
import { createPrivateKey, createPublicKey, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { DAY_MS } from '#contracts';
import { certificateUri, generateSigningKey } from '#platform';

/** Who has a certificate, and whether others call it or it calls others. */
export const certified = {
  keyholder: ['called', 'calling'],
  registrar: ['calling'],
  nyms: ['calling'],
  correlator: ['called', 'calling'],
  witness: ['called'],
  ctl: ['calling'],
} as const;
export type Certified = keyof typeof certified;
export const certifiedNames = Object.keys(certified) as Certified[];

export interface KeyAndCertificate {
  /** PKCS #8 PEM */
  readonly key: string;
  /** PEM */
  readonly certificate: string;
}

export interface Lifetime {
  readonly from: Date;
  readonly days: number;
}

const algorithm = { name: 'Ed25519' };
const purposes = { called: x509.ExtendedKeyUsage.serverAuth, calling: x509.ExtendedKeyUsage.clientAuth };
/** Clocks of two machines differ. */
const MARGIN_MS = 3_600_000;

export async function makeAuthority({ from, days }: Lifetime): Promise<KeyAndCertificate> {
  const key = generateSigningKey().toPem();
  const keys = await pairOf(key);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=nymtally processes ${from.toISOString().slice(0, 10)}`,
    keys,
    signingAlgorithm: algorithm,
    notBefore: new Date(from.getTime() - MARGIN_MS),
    notAfter: new Date(from.getTime() + days * DAY_MS),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { key, certificate: certificate.toString('pem') };
}

/** A fresh key with its certificate. */
export async function certify(
  authority: KeyAndCertificate,
  name: Certified,
  { from, days }: Lifetime,
): Promise<KeyAndCertificate> {
  const issuer = new x509.X509Certificate(authority.certificate);
  const key = generateSigningKey().toPem();
  const { publicKey } = await pairOf(key);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${name}`,
    issuer: issuer.subject,
    publicKey,
    signingKey: (await pairOf(authority.key)).privateKey,
    signingAlgorithm: algorithm,
    notBefore: new Date(from.getTime() - MARGIN_MS),
    notAfter: new Date(Math.min(from.getTime() + days * DAY_MS, issuer.notAfter.getTime())),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(
        certified[name].map((purpose) => purposes[purpose]),
        true,
      ),
      // the DNS name is for tools that check one: they are told to expect it, wherever the process runs
      new x509.SubjectAlternativeNameExtension([
        { type: 'url', value: certificateUri(name) },
        { type: 'dns', value: name },
      ]),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return { key, certificate: certificate.toString('pem') };
}

async function pairOf(pem: string): Promise<CryptoKeyPair> {
  const { subtle } = webcrypto;
  const pkcs8 = createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(pem).export({ format: 'der', type: 'spki' });
  return {
    publicKey: await subtle.importKey('spki', spki, algorithm, true, ['verify']),
    privateKey: await subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']),
  } as CryptoKeyPair;
}
