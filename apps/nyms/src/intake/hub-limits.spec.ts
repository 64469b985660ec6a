import { describe, expect, it } from '@jest/globals';
import { HubLimits } from './hub-limits.js';

describe('the guard in front of the intake', () => {
  it('turns away what is too much at once, whoever sends it', async () => {
    const guard = new HubLimits();
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (go = resolve));
    const under = Array.from({ length: 1_024 }, () => guard.within(() => gate));
    await expect(guard.within(async () => undefined)).rejects.toMatchObject({ code: 'request-limit-reached' });
    go();
    await Promise.all(under);
    await expect(guard.within(async () => 'free again')).resolves.toBe('free again');
  });

  it('fills a hub’s bucket with time', () => {
    const guard = new HubLimits();
    for (let i = 0; i < 10; i++) guard.count('a', 10, 0);
    expect(() => guard.count('a', 10, 0)).toThrow(
      expect.objectContaining({ code: 'hub-limit-reached', extensions: { retryAfterMs: 100 } }),
    );
    guard.count('a', 10, 100);
    expect(() => guard.count('a', 10, 150)).toThrow();
    guard.count('b', 10, 150);
    for (let i = 0; i < 10; i++) guard.count('a', 10, 100_000);
    expect(() => guard.count('a', 10, 100_000)).toThrow();
  });
});
