/** The certificate authority that nyms issues credentials with, on one machine: an Ed25519 key and a self-signed certificate, ten years. */
import 'reflect-metadata';
import { createPrivateKey, createPublicKey, webcrypto } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as x509 from '@peculiar/x509';
import { generateSigningKey } from '#platform';
import type { SecretFolder } from './secret-folder.js';

export interface CertificateAuthority {
  readonly keyFile: string;
  readonly certificateFile: string;
}

const names = { key: path.join('nyms', 'credential-key.pem'), certificate: path.join('nyms', 'credential-certificate.pem') };
const algorithm = { name: 'Ed25519' };

export async function certificateAuthority(secrets: SecretFolder): Promise<CertificateAuthority> {
  const key = secrets.once(names.key, () => generateSigningKey().toPem());
  const isThere = existsSync(path.join(secrets.folder, names.certificate));
  const pem = isThere ? '' : await certify(key.text);
  return { keyFile: key.file, certificateFile: secrets.once(names.certificate, () => pem).file };
}

async function certify(pem: string): Promise<string> {
  const { subtle } = webcrypto;
  const pkcs8 = createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(pem).export({ format: 'der', type: 'spki' });
  const publicKey = await subtle.importKey('spki', spki, algorithm, true, ['verify']);
  const privateKey = await subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']);
  const today = new Date(new Date().setUTCHours(0, 0, 0, 0));
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=nymtally development CA',
    keys: { publicKey, privateKey } as CryptoKeyPair,
    signingAlgorithm: algorithm,
    notBefore: today,
    notAfter: new Date(new Date(today).setUTCFullYear(today.getUTCFullYear() + 10)),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(publicKey as CryptoKey),
    ],
  });
  return certificate.toString('pem');
}
