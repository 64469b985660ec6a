import { describe, expect, it } from '@jest/globals';
import { hubEntry, type PolicyDocument } from '#contracts';
import { leastBudgetBits, noiseFloorBits, parameterSets } from '#he';
import { checkPolicy } from './check-policy.js';
import { sampleHub, samplePolicy } from '../sample.fixture.js';
import { leastNoiseBits, numbersOf } from './set-numbers.js';

const tried = (more: Partial<PolicyDocument>) => checkPolicy(samplePolicy(more), { production: false });
const inProduction = (more: Partial<PolicyDocument>) => checkPolicy(samplePolicy(more), { production: true });
const base = samplePolicy();
const ed25519Key = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';

describe('bounds of a policy', () => {
  it('takes the default policy, in production too', () => {
    expect(inProduction({})).toEqual([]);
  });

  it('refuses numbers whose sums could overflow t, at the very edge', () => {
    const limits = { ...base.limits, maxPseudonyms: 63 };
    // 2 × 63 × 256 × 16 = 516,096 < t/2 = 516,096.5; one pseudonym more is over it
    expect(tried({ limits, capPerHubAndPseudonym: 256 })).toEqual([]);
    expect(tried({ limits: { ...limits, maxPseudonyms: 64 }, capPerHubAndPseudonym: 256 })).toEqual([
      expect.stringContaining('sums could overflow'),
    ]);
  });

  it('refuses totals so heavy that a full tally could not be read, by the rule of libs/he', () => {
    const heaviest = { limits: { ...base.limits, maxPseudonyms: 1, freePseudonyms: 1 } };
    expect(leastBudgetBits(25, 2 * 2048 * (4_000 * 16) ** 2)).toBe(2);
    expect(tried({ ...heaviest, capPerHubAndPseudonym: 4_000 })).toEqual([expect.stringContaining('2 bits of noise budget')]);
    expect(leastBudgetBits(25, 2 * 2048 * (2_000 * 16) ** 2)).toBe(3);
    expect(tried({ ...heaviest, capPerHubAndPseudonym: 2_000 })).toEqual([]);
  });

  it('knows the numbers of every parameter set of libs/he, and no other set', () => {
    for (const set of Object.values(parameterSets)) {
      const { slots, plainModulus } = set;
      expect(numbersOf(set.name)).toEqual({
        slots,
        plainModulus,
        ...(set.kind === 'bfv' && { freshBudgetBits: set.freshBudgetBits }),
      });
    }
    expect(leastNoiseBits).toBe(noiseFloorBits);
    expect(tried({ parameterSet: 'n1024-q27-t20' })).toEqual(['parameterSet n1024-q27-t20 is not known']);
  });

  it('refuses a window that outlives a credential', () => {
    expect(tried({ epochSeconds: 86_400, windowEpochs: 36, decay: { scale: 16, table: Array<number>(36).fill(1) } })).toEqual([
      expect.stringContaining('36 days long'),
    ]);
  });

  it('refuses a decay table that rises, starts too high or has another length', () => {
    const table = [...base.decay.table];
    expect(tried({ decay: { scale: 16, table: table.with(5, 16) } })).toEqual([expect.stringContaining('rises at age 5')]);
    expect(tried({ decay: { scale: 15, table } })).toEqual([expect.stringContaining('must not exceed decay.scale')]);
    expect(tried({ decay: { scale: 16, table: table.slice(1) } })).toEqual([expect.stringContaining('must have windowEpochs')]);
  });

  it('lets one operator decide alone only when that is acknowledged', () => {
    const alone = { negative: { ...base.negative, f: 0 }, positive: { ...base.positive, f: 0 } };
    expect(tried(alone)).toHaveLength(2);
    expect(tried({ ...alone, acknowledgeNoTrim: true })).toEqual([]);
  });

  it('refuses what only a demonstration may have, in production', () => {
    const hubs = [sampleHub('http://127.0.0.1:9000')];
    const demo = {
      release: { ...base.release, batch: 9 },
      minPseudonyms: 19,
      newOperatorDays: 0,
      parameterSet: 'plain-n2048',
      hubs,
    };
    expect(tried(demo)).toEqual([]);
    expect(inProduction(demo)).toHaveLength(5);
  });

  it.each([
    'http://127.0.0.1',
    'https://provider.example/',
    'https://provider.example/issuer1',
    'https://provider.example?x',
    'provider',
  ])('refuses %s as an audience, in production: hubs must find our metadata by it', (audience) => {
    expect(tried({ audience })).toEqual([]);
    expect(inProduction({ audience })).toEqual([expect.stringContaining('audience must be an https origin')]);
  });

  it('names every hub that is not fit', () => {
    const [key] = sampleHub('https://a.example').keys;
    const violations = tried({
      hubs: [
        sampleHub('https://a.example'),
        sampleHub('https://a.example'),
        sampleHub('https://b.example/path'),
        sampleHub('http://c.example'),
        sampleHub('https://d.example', { keys: [] }),
        sampleHub('https://e.example', { jwksUrl: 'https://elsewhere.example/jwks' }),
        sampleHub('https://n.example', { transmitter: { streamId: 's', pollUrl: 'https://elsewhere.example/poll' } }),
        sampleHub('https://o.example', { transmitter: { streamId: 's', verificationUrl: 'http://o.example/verify' } }),
        sampleHub('https://p.example', { transmitter: { streamId: 's', pollUrl: 'https://user:secret@p.example/poll' } }),
        sampleHub('https://f.example', { keys: [key!, key!] }),
        sampleHub('https://g.example', { keys: [{ ...key!, alg: 'ES256' }] }),
        sampleHub('https://h.example', { keys: [{ ...key!, d: 'secret' }] }),
        sampleHub('https://j.example', { frankingKeys: [{ suite: 2, key: ed25519Key }] }),
        sampleHub('https://k.example', { frankingKeys: [{ suite: 2, key: `B${'A'.repeat(86)}` }] }),
        sampleHub('https://l.example', { frankingKeys: [{ suite: 1, key: `${ed25519Key.slice(0, -1)}_` }] }),
        sampleHub('https://m.example', { frankingKeys: [1, 1].map((suite) => ({ suite, key: ed25519Key })) }),
        sampleHub('https://i.example', { keys: [{ kid: 'short', alg: 'RS256', kty: 'RSA', n: 'A'.repeat(171), e: 'AQAB' }] }),
      ],
    });
    for (const name of 'abcdefghijklmnop') {
      expect(violations.filter((violation) => violation.includes(`://${name}.example`))).toHaveLength(1);
    }
    expect(violations.join()).not.toContain('secret');
  });

  it('takes franking keys of several cipher suites, and a policy without any as before', () => {
    const frankingKeys = [1, 3].map((suite) => ({ suite, key: ed25519Key }));
    expect(tried({ hubs: [sampleHub('https://a.example', { frankingKeys })] })).toEqual([]);
    expect(hubEntry.parse(sampleHub('https://a.example'))).not.toHaveProperty('frankingKeys');
  });

  it('tells all violations at once', () => {
    expect(tried({ parameterSet: 'none', limits: { ...base.limits, freePseudonyms: 49, ticketsPerDay: 21 } })).toHaveLength(3);
  });
});
