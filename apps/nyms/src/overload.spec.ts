import { describe, expect, it } from '@jest/globals';
import { Gate } from './overload.js';

describe('a gate', () => {
  it('turns away what is too much at once, and lets in again what comes later', async () => {
    const gate = new Gate(3);
    let go: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (go = resolve));
    const under = [1, 2, 3].map(() => gate.within(() => held));
    await expect(gate.within(async () => undefined)).rejects.toMatchObject({
      code: 'request-limit-reached',
      extensions: { retryAfterMs: 1_000 },
    });
    go();
    await Promise.all(under);
    await expect(gate.within(async () => 'in')).resolves.toBe('in');
  });

  it('counts what fails only while it runs', async () => {
    const gate = new Gate(1);
    for (let i = 0; i < 3; i++) await expect(gate.within(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(gate.within(async () => 'in')).resolves.toBe('in');
  });
});
