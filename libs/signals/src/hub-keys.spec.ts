import { describe, expect, it } from '@jest/globals';
import { Problem } from '#contracts';
import { HubKey } from './hub-key.js';
import { HubKeys } from './hub-keys.js';
import { HUB, hubEntry, hubSigner } from './hub.fixture.js';

const key = (kid: string): HubKey => HubKey.from(hubSigner('EdDSA', kid).jwk)!;
const hub = hubEntry([], { jwksUrl: `${HUB}/jwks.json` });

function world(answers: () => readonly HubKey[]) {
  const state = { ms: 0, fetched: 0 };
  const keys = new HubKeys({
    monotonicMs: () => state.ms,
    fetchKeys: async () => {
      state.fetched += 1;
      return answers();
    },
  });
  return { state, ask: async (kid: string) => (await keys.keyOf(hub, kid))?.jwk.kid };
}

describe("a hub's keys by JWKS", () => {
  it('are fetched once for many tokens at a time', async () => {
    const { state, ask } = world(() => [key('a')]);
    expect(await Promise.all([ask('a'), ask('a'), ask('a')])).toEqual(['a', 'a', 'a']);
    expect(await ask('a')).toBe('a');
    expect(state.fetched).toBe(1);
  });

  it('are looked at again for an unknown kid, but not sooner than the floor', async () => {
    let served = [key('a')];
    const { state, ask } = world(() => served);
    await ask('a');
    served = [key('a'), key('b')];
    for (let i = 0; i < 50; i++) expect(await ask(`forged-${i}`)).toBeUndefined();
    expect(await ask('b')).toBeUndefined();
    expect(state.fetched).toBe(1);
    state.ms = 30_000;
    expect(await ask('b')).toBe('b');
    expect(state.fetched).toBe(2);
  });

  it('go when the hub has taken them out', async () => {
    let served = [key('a')];
    const { state, ask } = world(() => served);
    await ask('a');
    served = [];
    state.ms = 599_999;
    expect(await ask('a')).toBe('a');
    state.ms = 600_000;
    expect(await ask('a')).toBeUndefined();
  });

  it('stay for a day while the hub is away, and then nobody can say', async () => {
    let away = false;
    const { state, ask } = world(() => {
      if (away) throw new Error('away');
      return [key('a')];
    });
    await ask('a');
    away = true;
    state.ms = 86_399_999;
    expect(await ask('a')).toBe('a');
    state.ms = 86_400_000;
    await expect(ask('a')).rejects.toMatchObject({ code: 'service-unavailable' });
  });

  it('that were never had make a hub come again, not go away', async () => {
    const { state, ask } = world(() => {
      throw new Error('away');
    });
    await expect(ask('a')).rejects.toBeInstanceOf(Problem);
    await expect(ask('a')).rejects.toBeInstanceOf(Problem);
    expect(state.fetched).toBe(1);
  });

  it("are only fetched from the hub's own name", async () => {
    const { state } = world(() => [key('a')]);
    const keys = new HubKeys({ fetchKeys: async () => [key('a')] });
    expect(await keys.keyOf({ ...hub, jwksUrl: 'https://elsewhere.example/jwks.json' }, 'a')).toBeUndefined();
    expect(state.fetched).toBe(0);
  });
});
