import { describe, expect, it } from '@jest/globals';
import { Problem } from '#contracts';
import { HubKey } from './hub-key.js';
import { HubKeys } from './hub-keys.js';
import { HUB, hubEntry, hubSigner } from './hub.fixture.js';

const key = (kid: string): HubKey => HubKey.from(hubSigner('EdDSA', kid).jwk)!;
const hub = hubEntry([], { jwksUrl: `${HUB}/jwks.json` });

function world(answers: () => readonly HubKey[] | Promise<readonly HubKey[]>, judgesArrivals = false) {
  const state = { ms: 0, fetched: 0 };
  const keys = new HubKeys({
    judgesArrivals,
    monotonicMs: () => state.ms,
    fetchKeys: async () => {
      state.fetched += 1;
      return answers();
    },
  });
  return { state, ask: async (kid: string) => (await keys.keyOf(hub, kid))?.jwk.kid };
}

/** Of a hub with one key, which can be away. */
function leavingHub() {
  let away = false;
  const { state, ask } = world(() => {
    if (away) throw new Error('away');
    return [key('a')];
  });
  return { state, ask, setAway: (is: boolean) => void (away = is) };
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
    const { state, ask, setAway } = leavingHub();
    await ask('a');
    setAway(true);
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

  it('that were had do not say that another is unknown, when the look for it failed', async () => {
    const { state, ask, setAway } = leavingHub();
    await ask('a');
    setAway(true);
    state.ms = 40_000;
    await expect(ask('b')).rejects.toMatchObject({ code: 'service-unavailable', extensions: { retryAfterMs: 30_000 } });
    expect(await ask('a')).toBe('a');
    setAway(false);
    state.ms = 70_000;
    expect(await ask('b')).toBeUndefined();
  });

  describe('for who refuses for good', () => {
    it('are asked for a key that may have come since the last look, when the floor allows', async () => {
      let served = [key('a')];
      const { state, ask } = world(() => served, true);
      await ask('a');
      served = [key('b')];
      state.ms = 12_000;
      await expect(ask('b')).rejects.toMatchObject({ code: 'service-unavailable', extensions: { retryAfterMs: 18_000 } });
      expect(state.fetched).toBe(1);
      state.ms = 30_000;
      expect([await ask('b'), await ask('forged')]).toEqual(['b', undefined]);
      expect(state.fetched).toBe(2);
    });

    it('are no answer by a look that had begun before', async () => {
      const served: ((keys: readonly HubKey[]) => void)[] = [];
      const { state, ask } = world(() => new Promise((resolve) => served.push(resolve)), true);
      const before = ask('b');
      state.ms = 5;
      const meanwhile = ask('b');
      served[0]!([key('a')]);
      expect(await before).toBeUndefined();
      await expect(meanwhile).rejects.toMatchObject({ code: 'service-unavailable' });
    });
  });

  it("are only fetched from the hub's own name", async () => {
    const { state } = world(() => [key('a')]);
    const keys = new HubKeys({ fetchKeys: async () => [key('a')] });
    expect(await keys.keyOf({ ...hub, jwksUrl: 'https://elsewhere.example/jwks.json' }, 'a')).toBeUndefined();
    expect(state.fetched).toBe(0);
  });
});
