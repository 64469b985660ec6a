import { describe, expect, it } from '@jest/globals';
import type { HubEntry } from '#contracts';
import { sampleHub } from '../sample.fixture.js';
import { groupWarnings } from './hub-groups.js';

let serial = 0;
const hub = (id: string, operator: string, more: Partial<HubEntry> = {}): HubEntry =>
  sampleHub(id, { operator, keys: [{ kid: 'k', alg: 'EdDSA', kty: 'OKP', crv: 'Ed25519', x: `key-${++serial}` }], ...more });
const warnings = (...hubs: HubEntry[]) => groupWarnings({ hubs });

describe('hubs that look like one operator’s', () => {
  it('are told when they share a registrable domain', () => {
    expect(warnings(hub('https://a.chat.example', 'one'), hub('https://b.chat.example', 'two'))).toEqual([
      'https://a.chat.example and https://b.chat.example share the domain chat.example, and are of 2 operators (one, two)',
    ]);
    expect(warnings(hub('https://a.hubs.co.uk', 'one'), hub('https://b.hubs.co.uk', 'two'))).toHaveLength(1);
  });

  it('are told when they share a signing key under whatever name, or a JWKS address', () => {
    const key = { alg: 'EdDSA' as const, kty: 'OKP', crv: 'Ed25519', x: 'same' };
    const [one] = warnings(
      hub('https://a.example', 'one', { keys: [{ ...key, kid: 'x' }] }),
      hub('https://b.example', 'two', { keys: [{ ...key, kid: 'y' }] }),
    );
    expect(one).toMatch(/a\.example and https:\/\/b\.example share a signing key/);
    const jwksUrl = 'https://keys.example/jwks';
    expect(warnings(hub('https://c.example', 'one', { jwksUrl }), hub('https://d.example', 'two', { jwksUrl }))).toHaveLength(1);
  });

  it('are told when their servers have one TLS key, as far as somebody has looked', () => {
    const hubs = [hub('https://e.example', 'one'), hub('https://f.example', 'two'), hub('https://g.example', 'three')];
    const keys = new Map([
      ['https://e.example', 'same'],
      ['https://g.example', 'same'],
    ]);
    expect(groupWarnings({ hubs }, keys)).toEqual([
      'https://e.example and https://g.example share a TLS key, and are of 2 operators (one, three)',
    ]);
  });

  it('are not warned of when one operator has them, nor hubs that share nothing but a public suffix or a machine', () => {
    expect(warnings(hub('https://a.chat.example', 'one'), hub('https://b.chat.example', 'one'))).toEqual([]);
    expect(warnings(hub('https://a.co.uk', 'one'), hub('https://b.co.uk', 'two'))).toEqual([]);
    expect(warnings(hub('http://127.0.0.1:1', 'one'), hub('http://127.0.0.1:2', 'two'))).toEqual([]);
    expect(warnings(hub('http://localhost:1', 'one'), hub('http://[::1]:2', 'two'))).toEqual([]);
  });
});
