/**
 * A process's own certificate and key, and the authority's certificates that it believes (TLS 1.3, RFC 8446). Checked as a whole
 * before use: files are replaced one after another, and half of a new pair must not end a connection. Pure but for node:crypto.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { nameIn } from './certificate-name.js';

export interface CredentialTexts {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

export interface Credentials extends CredentialTexts {
  readonly expiresAt: Date;
  readonly authorities: readonly X509Certificate[];
}

/** Which of the three is wrong, in words that follow its name. */
export class CredentialFault extends Error {
  constructor(
    readonly what: keyof CredentialTexts,
    message: string,
  ) {
    super(message);
  }
}

/** @throws CredentialFault */
export function checkCredentials(name: string, texts: CredentialTexts, now: Date): Credentials {
  const authorities = authoritiesIn(texts.ca);
  const own = certificateIn(texts.cert);
  const named = nameIn(own.subjectAltName);
  if (named !== name) throw new CredentialFault('cert', `is the certificate of ${named ?? 'nobody we know'}, not of ${name}`);
  if (!isIssuedBy(own, authorities)) throw new CredentialFault('cert', 'is of another authority');
  if (!isValidAt(own, now)) throw new CredentialFault('cert', `is valid from ${own.validFrom} to ${own.validTo}, not now`);
  if (!isKeyOf(own, texts.key)) throw new CredentialFault('key', 'is not the key of the certificate');
  return { ...texts, authorities, expiresAt: own.validToDate };
}

/** Directly, by one of them: there are no certificates in between. */
export const isIssuedBy = (certificate: X509Certificate, authorities: readonly X509Certificate[]): boolean =>
  authorities.some((authority) => certificate.checkIssued(authority) && certificate.verify(authority.publicKey));

export const isValidAt = ({ validFromDate, validToDate }: X509Certificate, now: Date): boolean =>
  validFromDate <= now && now <= validToDate;

function certificateIn(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new CredentialFault('cert', 'holds no certificate in PEM');
  }
}

/** More than one while the authority itself changes. */
function authoritiesIn(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    const authorities = blocks.map((block) => new X509Certificate(block));
    if (authorities.length > 0 && authorities.every(({ ca }) => ca)) return authorities;
  } catch {
    // told below
  }
  throw new CredentialFault('ca', 'holds no certificates of an authority in PEM');
}

function isKeyOf(certificate: X509Certificate, pem: string): boolean {
  try {
    return certificate.checkPrivateKey(createPrivateKey(pem));
  } catch {
    return false;
  }
}
