import { describe, expect, it } from '@jest/globals';
import {
  clientKeyType,
  generateClientKey,
  importClientSigner,
  possessionMessage,
  verifyClientSignature,
} from './client-proof.js';
import { randomBytes } from './webcrypto.js';

describe.each(['Ed25519', 'P-256'] as const)('a client key of type %s', (type) => {
  it('is known by its SPKI and proves possession for one client of one pseudonym', async () => {
    const key = await generateClientKey(type);
    const signer = await importClientSigner(key.pkcs8, key.spki);
    expect(clientKeyType(key.spki)).toBe(type);
    const message = await possessionMessage('mimi://a.example/p/x', 'mimi://a.example/d/x/1', key.spki);
    const proof = await signer.sign(message);
    expect(proof).toHaveLength(64);
    await expect(verifyClientSignature(key.spki, message, proof)).resolves.toBe(true);
    const other = await possessionMessage('mimi://a.example/p/x', 'mimi://a.example/d/x/2', key.spki);
    await expect(verifyClientSignature(key.spki, other, proof)).resolves.toBe(false);
  });

  it('is refused with another encoding, a cut or a point that is none', async () => {
    const { spki } = await generateClientKey(type);
    expect(clientKeyType(spki.slice(0, -1))).toBeUndefined();
    expect(clientKeyType(spki.map((byte, at) => (at === 4 ? byte ^ 1 : byte)))).toBeUndefined();
    const noPoint = spki.map((byte, at) => (at > 40 ? 0xff : byte));
    await expect(verifyClientSignature(noPoint, randomBytes(9), randomBytes(64))).resolves.toBe(false);
  });
});
