import { describe, expect, it } from '@jest/globals';
import type { Handle } from '#contracts';
import { generateSigningKey, importSigner } from './ed25519.js';
import { signEnrolment, signReceipt, verifyEnrolment, verifyReceipt } from './enrolment.js';
import { randomBytes } from './webcrypto.js';

const newSigner = async () => importSigner(await generateSigningKey());

describe('enrolment', () => {
  it('proves a holder key to one key holder', async () => {
    const holder = await newSigner();
    const proof = await signEnrolment(holder, 'kh-1');
    await expect(verifyEnrolment('kh-1', holder.publicKey, proof)).resolves.toBe(true);
    await expect(verifyEnrolment('kh-2', holder.publicKey, proof)).resolves.toBe(false);
    await expect(verifyEnrolment('kh-1', (await newSigner()).publicKey, proof)).resolves.toBe(false);
  });

  it('gives the same receipt for the same handle and key, and binds both', async () => {
    const [root, holder] = [await newSigner(), await newSigner()];
    const handle = randomBytes(16) as Handle;
    const receipt = await signReceipt(root, 'kh-1', handle, holder.publicKey);
    await expect(signReceipt(root, 'kh-1', handle, holder.publicKey)).resolves.toEqual(receipt);
    await expect(verifyReceipt(root.publicKey, receipt, holder.publicKey)).resolves.toBe(true);
    await expect(verifyReceipt(root.publicKey, receipt, (await newSigner()).publicKey)).resolves.toBe(false);
    const moved = { ...receipt, handleCommitment: randomBytes(32) };
    await expect(verifyReceipt(root.publicKey, moved, holder.publicKey)).resolves.toBe(false);
  });
});
