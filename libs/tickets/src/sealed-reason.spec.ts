import { describe, expect, it } from '@jest/globals';
import { noReason, openReason, refusalReasons, sealReason, SEALED_REASON_LENGTH } from './sealed-reason.js';
import { randomBytes } from './webcrypto.js';

describe('a sealed reason', () => {
  it('tells each reason to the client that holds the key, always in 48 bytes', async () => {
    const key = randomBytes(32);
    for (const reason of refusalReasons) {
      const sealed = await sealReason(key, reason);
      expect(sealed).toHaveLength(48);
      await expect(openReason(key, sealed)).resolves.toBe(reason);
    }
  });

  it('tells nothing to another key, and nothing when it is random', async () => {
    const sealed = await sealReason(randomBytes(32), 'spent');
    await expect(openReason(randomBytes(32), sealed)).resolves.toBeUndefined();
    await expect(openReason(randomBytes(32), noReason())).resolves.toBeUndefined();
    expect(noReason()).toHaveLength(SEALED_REASON_LENGTH);
  });

  it('is refused with any byte changed or missing', async () => {
    const key = randomBytes(32);
    const sealed = await sealReason(key, 'standing');
    for (let at = 0; at < sealed.length; at++)
      await expect(
        openReason(
          key,
          sealed.map((byte, i) => (i === at ? byte ^ 1 : byte)),
        ),
      ).resolves.toBeUndefined();
    await expect(openReason(key, sealed.slice(1))).resolves.toBeUndefined();
  });
});
