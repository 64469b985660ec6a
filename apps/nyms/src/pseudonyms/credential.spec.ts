import { describe, expect, it } from '@jest/globals';
import { createPrivateKey, generateKeyPairSync, webcrypto, X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import fc from 'fast-check';
import { DAY_MS, fromBase64Url, PERIOD_DAYS, periodOf } from '#contracts';
import { generateClientKey } from '#tickets';
import { openIssuer, sharedExtensions } from './credential.js';
import { derTime } from './der.js';

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
  it('is what the library makes of the same fields, up to its random signature', async () => {
    const { issuer, certificate, keys, sign } = await authority(kind);
    for (const clientKind of ['Ed25519', 'P-256'] as const) {
      for (const [name, expiryDay] of [['a', 20_900] as const, ['b'.repeat(64), 29_500] as const]) {
        const { spki } = await generateClientKey(clientKind);
        const clientUri = `mimi://provider.example/d/${name}/${name}`;
        const serial = Uint8Array.from({ length: 16 }, (_, i) => 0x40 + i);
        const [leaf] = issuer.issue({ clientUri, spki, expiryDay }, 20_780, serial);
        const theirs = await x509.X509CertificateGenerator.create({
          serialNumber: Buffer.from(serial).toString('hex'),
          subject: '',
          issuer: certificate.subjectName,
          notBefore: new Date(periodOf(20_780) * PERIOD_DAYS * DAY_MS),
          notAfter: new Date(expiryDay * DAY_MS - 1_000),
          publicKey: Uint8Array.from(spki),
          signingKey: keys.privateKey,
          signingAlgorithm: sign,
          extensions: [
            new x509.SubjectAlternativeNameExtension([{ type: 'url', value: clientUri }], true),
            ...(await sharedExtensions(certificate.publicKey)),
          ],
        });
        const signed = (bytes: Uint8Array<ArrayBuffer>) =>
          Buffer.from((new x509.X509Certificate(bytes) as unknown as { tbs: ArrayBuffer }).tbs).toString('hex');
        const ours = Uint8Array.from(fromBase64Url(leaf!));
        expect(signed(ours)).toBe(signed(new Uint8Array(theirs.rawData)));
        if (kind === 'Ed25519') expect(Buffer.from(ours).equals(Buffer.from(theirs.rawData))).toBe(true);
        expect(new X509Certificate(ours).verify(new X509Certificate(certificate.toString('pem')).publicKey)).toBe(true);
      }
    }
  });

  it('has a serial of its own', async () => {
    const { issuer } = await authority(kind);
    const { spki } = await generateClientKey('Ed25519');
    const serials = Array.from(
      { length: 50 },
      () =>
        new X509Certificate(fromBase64Url(issuer.issue({ clientUri: 'mimi://a/d/b/c', spki, expiryDay: 20_900 }, 20_780)[0]!))
          .serialNumber,
    );
    expect(new Set(serials).size).toBe(50);
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/);
  });

  it('says nothing finer than a day and a period', async () => {
    const { issuer } = await authority(kind);
    const { spki } = await generateClientKey('Ed25519');
    fc.assert(
      fc.property(fc.integer({ min: 20_000, max: 29_000 }), fc.integer({ min: 1, max: 90 }), (today, days) => {
        const [leaf] = issuer.issue({ clientUri: 'mimi://a/d/b/c', spki, expiryDay: today + days }, today);
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

  it('writes times as RFC 5280 wants them', () => {
    expect(Buffer.from(derTime(new Date('2049-12-31T23:59:59Z'))).toString('latin1')).toBe('\x17\x0d491231235959Z');
    expect(Buffer.from(derTime(new Date('2050-01-01T00:00:00Z'))).toString('latin1')).toBe('\x18\x0f20500101000000Z');
  });
});
