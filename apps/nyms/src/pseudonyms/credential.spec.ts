import { describe, expect, it } from '@jest/globals';
import { createPrivateKey, generateKeyPairSync, webcrypto, X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import fc from 'fast-check';
import { DAY_MS, fromBase64Url, PERIOD_DAYS } from '#contracts';
import { generateClientKey } from '#tickets';
import { openIssuer } from './credential.js';

const kinds = {
  Ed25519: { pair: () => generateKeyPairSync('ed25519'), import: { name: 'Ed25519' }, sign: { name: 'Ed25519' } },
  'P-256': {
    pair: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    import: { name: 'ECDSA', namedCurve: 'P-256' },
    sign: { name: 'ECDSA', hash: 'SHA-256' },
  },
};

async function authority(kind: keyof typeof kinds) {
  const { pair, import: algorithm, sign } = kinds[kind];
  const { privateKey, publicKey } = pair();
  const keys = {
    privateKey: await webcrypto.subtle.importKey('pkcs8', privateKey.export({ format: 'der', type: 'pkcs8' }), algorithm, false, [
      'sign',
    ]),
    publicKey: await webcrypto.subtle.importKey('spki', publicKey.export({ format: 'der', type: 'spki' }), algorithm, true, [
      'verify',
    ]),
  } as CryptoKeyPair;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Größe, O=provider',
    keys,
    signingAlgorithm: sign,
    notBefore: new Date('2026-01-01'),
    notAfter: new Date('2060-01-01'),
    extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
  });
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  return { pem, certificate, keys, sign, issuer: await openIssuer(pem, certificate.toString('pem'), 20_780) };
}

describe.each(['Ed25519', 'P-256'] as const)('a credential under a %s authority', (kind) => {
  it('is for the client address and key, signed by the authority, and for nothing else', async () => {
    const { issuer, certificate } = await authority(kind);
    const authorityKey = new X509Certificate(certificate.toString('pem')).publicKey;
    for (const clientKind of ['Ed25519', 'P-256'] as const) {
      const { spki } = await generateClientKey(clientKind);
      const [leaf, chain] = await issuer.issue({ clientUri: 'mimi://provider.example/d/a/b', spki, expiryDay: 20_900 }, 20_780);
      const parsed = new X509Certificate(fromBase64Url(leaf!));
      expect(parsed.verify(authorityKey)).toBe(true);
      expect(parsed.subjectAltName).toBe('URI:mimi://provider.example/d/a/b');
      expect(parsed.publicKey.export({ format: 'der', type: 'spki' }).equals(Buffer.from(spki))).toBe(true);
      expect([parsed.subject, parsed.ca, parsed.infoAccess]).toEqual([undefined, false, undefined]);
      const extensions = new x509.X509Certificate(Uint8Array.from(fromBase64Url(leaf!))).extensions.map(({ type }) => type);
      expect(extensions).toEqual(['2.5.29.17', '2.5.29.19', '2.5.29.15', '2.5.29.35']);
      expect(new X509Certificate(fromBase64Url(chain!)).publicKey.equals(authorityKey)).toBe(true);
    }
  });

  it('has a serial of its own', async () => {
    const { issuer } = await authority(kind);
    const { spki } = await generateClientKey('Ed25519');
    const issue = () => issuer.issue({ clientUri: 'mimi://a/d/b/c', spki, expiryDay: 20_900 }, 20_780);
    const leaves = await Promise.all(Array.from({ length: 50 }, issue));
    const serials = leaves.map(([leaf]) => new X509Certificate(fromBase64Url(leaf!)).serialNumber);
    expect(new Set(serials).size).toBe(50);
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/);
  });

  it('says nothing finer than a day and a period', async () => {
    const { issuer } = await authority(kind);
    const { spki } = await generateClientKey('Ed25519');
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 20_000, max: 29_000 }), fc.integer({ min: 1, max: 90 }), async (today, days) => {
        const [leaf] = await issuer.issue({ clientUri: 'mimi://a/d/b/c', spki, expiryDay: today + days }, today);
        const { validFrom, validTo } = new X509Certificate(fromBase64Url(leaf!));
        expect(new Date(validFrom).getTime()).toBe(Math.floor(today / PERIOD_DAYS) * PERIOD_DAYS * DAY_MS);
        expect(new Date(validTo).getTime()).toBe((today + days) * DAY_MS - 1_000);
      }),
      { numRuns: 30 },
    );
  });
});

describe('an authority', () => {
  it('must be P-256 when it is on a curve', async () => {
    const { certificate } = await authority('P-256');
    const other = generateKeyPairSync('ec', { namedCurve: 'P-384' })
      .privateKey.export({ format: 'pem', type: 'pkcs8' })
      .toString();
    expect(createPrivateKey(other).asymmetricKeyDetails?.namedCurve).toBe('secp384r1');
    await expect(openIssuer(other, certificate.toString('pem'), 20_780)).rejects.toThrow(/Ed25519 or P-256/);
  });
});
