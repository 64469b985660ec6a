import { describe, expect, it } from '@jest/globals';
import { frameSecret, readSecret } from './secret-frame.js';

const secret = { setName: 'n2048-q50-t20', freshBudgetBits: 25, key: Uint8Array.of(1, 2, 3) };

describe('secret frame', () => {
  it('gives back what it took', () => {
    const read = readSecret(frameSecret(secret), secret.setName);
    expect({ ...read, key: [...read.key] }).toEqual({ ...secret, key: [1, 2, 3] });
  });

  it('refuses every flipped byte, every truncation and trailing bytes', () => {
    const frame = frameSecret(secret);
    for (let i = 0; i < frame.length; i++) {
      const flipped = frame.slice();
      flipped[i] = (flipped[i] as number) ^ 1;
      expect(() => readSecret(flipped, secret.setName)).toThrow(expect.objectContaining({ name: 'SecretUnreadable' }));
      expect(() => readSecret(frame.subarray(0, i), secret.setName)).toThrow('unreadable');
    }
    expect(() => readSecret(Buffer.concat([frame, Buffer.of(0)]), secret.setName)).toThrow('unreadable');
  });

  it('refuses the secret of another parameter set', () => {
    expect(() => readSecret(frameSecret(secret), 'n4096-q60-t20')).toThrow('unreadable');
  });
});
