import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { manifestLeaf, manifestMessage, MerkleTree } from '#audit';
import { manifestRequestType, toBase64Url } from '#contracts';
import { HubClient } from '../hub-client.js';

const pair = generateKeyPairSync('ed25519');
const correlator = generateKeyPairSync('ed25519');
const correlatorKey = new Uint8Array(correlator.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
const now = new Date('2026-11-23T12:34:56Z');
const hub = 'https://hub.example';
const token = 'a.compact.token';
const setHash = new Uint8Array(createHash('sha256').update(token).digest());
const entries = ['i', 'j', 'k'].map((jti) => ({ hub, jti, setHash: jti === 'j' ? setHash : new Uint8Array(32) }));
const tree = new MerkleTree();
for (const entry of entries) tree.add(manifestLeaf(entry));
const manifest = { epoch: 4, size: 3, root: tree.root(), policyDigest: new Uint8Array(32).fill(7), closedDay: 20_780 };

/** As nyms answers about `j`. */
const proof = {
  ...manifest,
  root: toBase64Url(manifest.root),
  policyDigest: toBase64Url(manifest.policyDigest),
  index: 1,
  path: tree.inclusionProof(1).map(toBase64Url),
  signature: toBase64Url(sign(null, manifestMessage(manifest), correlator.privateKey)),
  entry: { hub, jti: 'j', setHash: toBase64Url(setHash) },
};

function client(answer: () => Response, key: Uint8Array | null = correlatorKey) {
  const sent: { url: URL; init: RequestInit }[] = [];
  const made = new HubClient({
    hub,
    audience: 'https://provider.example',
    nyms: 'https://nyms.provider.example',
    key: { kid: 'k1', alg: 'EdDSA', privateKey: pair.privateKey },
    ...(key && { correlatorKey: key }),
    now: () => now,
    fetch: (async (url: URL, init: RequestInit) => {
      sent.push({ url, init });
      return answer();
    }) as typeof fetch,
  });
  return { made, sent };
}
const answering = (more: object = {}) => client(() => Response.json({ ...proof, ...more })).made;

describe('asking for a proof', () => {
  it('signs the question for this SET and purpose, and checks the answer', async () => {
    const { made, sent } = client(() => Response.json(proof));
    expect(await made.proofOf('j', { token, epoch: 4 })).toMatchObject({ epoch: 4, index: 1, entry: { jti: 'j' } });
    await made.proofOf('j');
    expect(sent.map(({ url }) => url.pathname)).toEqual(['/v1/manifests/4/proofs/j', '/v1/manifests/arrival/proofs/j']);
    const question = new Headers(sent[0]!.init.headers).get('authorization')!.slice('Bearer '.length);
    expect(decodeProtectedHeader(question)).toEqual({ typ: manifestRequestType, alg: 'EdDSA', kid: 'k1' });
    const { payload } = await jwtVerify(question, pair.publicKey, { issuer: hub, currentDate: now });
    expect(payload).toMatchObject({ aud: 'https://provider.example', set: 'j' });
  });

  it('takes no proof of another SET, epoch, hub or correlator, and none that does not add up', async () => {
    const refused = { name: 'ProofRefused', jti: 'j' };
    await expect(answering().proofOf('j', { token: 'another token' })).rejects.toMatchObject(refused);
    await expect(answering().proofOf('j', { epoch: 5 })).rejects.toMatchObject(refused);
    await expect(answering().proofOf('i')).rejects.toMatchObject({ name: 'ProofRefused', jti: 'i' });
    const stranger = new Uint8Array(
      generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }).subarray(-32),
    );
    await expect(client(() => Response.json(proof), stranger).made.proofOf('j')).rejects.toMatchObject(refused);
    for (const more of [
      { index: 0 },
      { epoch: 5 },
      { path: proof.path.toReversed() },
      { signature: toBase64Url(new Uint8Array(64)) },
      { entry: { ...proof.entry, hub: 'https://other.example' } },
      { path: 'none' },
    ]) {
      await expect(answering(more).proofOf('j')).rejects.toMatchObject(refused);
    }
  });

  it('tells "in no manifest" from "no answer"', async () => {
    expect(await client(() => new Response('{}', { status: 404 })).made.proofOf('j')).toBeUndefined();
    await expect(client(() => new Response('', { status: 503 })).made.proofOf('j')).rejects.toMatchObject({
      name: 'ProofUnavailable',
    });
    const broken = client(() => {
      throw new Error('offline');
    });
    await expect(broken.made.proofOf('j')).rejects.toMatchObject({ name: 'ProofUnavailable', cause: new Error('offline') });
  });

  it('asks nothing while it has no key to check with', async () => {
    const { made, sent } = client(() => Response.json(proof), null);
    await expect(made.proofOf('j')).rejects.toThrow(TypeError);
    expect(sent).toHaveLength(0);
  });
});
