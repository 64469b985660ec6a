/** A moderator's and an operator's day at the command line, against a running service: what waits, what counts, and blind acts. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventTypes, toBase64Url } from '#contracts';
import { Provider } from '../bad-input/provider.js';
import { ctlAt, succeeded } from '../ctl.js';

jest.setTimeout(120_000);

describe('a moderator', () => {
  let provider: Provider;
  beforeAll(async () => {
    provider = await Provider.start((document) => ({ ...document, hold: [{ hubVerified: false, reasons: ['other'] }] }));
  });
  afterAll(() => provider?.stop());

  const ctl = ctlAt(() => provider.stack);
  const ofCase = ['--case', '2026-0042', '--reason', 'looked at'] as const;
  const stateOf = async (jti: string) =>
    (await provider.rows<{ state: string }>('nyms', 'SELECT state::text FROM signals.sets WHERE jti = $1', [jti]))[0]?.state;
  const isRevoked = async (uri: string) =>
    (await provider.rows('nyms', 'SELECT 1 FROM pseudonyms.pseudonyms WHERE uri = $1 AND revoked', [uri])).length > 0;

  it('sees what waits, lets one count and throws one away', async () => {
    const [uri] = (await provider.mint(await provider.person(1), 1)) as [string];
    const held = { [eventTypes.abuseReport]: { reason: 'other', hubVerified: false } };
    const [good, bad] = [await provider.tell(0, uri, held), await provider.tell(1, uri, held)];
    for (const hub of [2, 3]) await provider.tell(hub, uri); // or the epoch waits for signals of more than f operators
    await provider.until(async () => (await stateOf(good)) === 'held' && (await stateOf(bad)) === 'held');
    const [first, second] = provider.stack.keys.hubs.map(({ id }) => id) as [string, string];
    const waiting = await succeeded(ctl('signal', 'held'));
    for (const [hub, jti] of [
      [first, good],
      [second, bad],
    ] as const)
      expect(waiting.split('\n').find((line) => line.includes(jti))).toMatch(
        new RegExp(`${hub} .*${uri} .*abuse-report .*other`),
      );

    expect(await succeeded(ctl('signal', 'release', first, good, ...ofCase))).toContain('counts from the next epoch on');
    expect(await succeeded(ctl('signal', 'reject', second, bad, ...ofCase))).toContain('never counts');
    await provider.until(async () => (await stateOf(good)) === 'counted' && (await stateOf(bad)) === 'rejected');
    expect(await succeeded(ctl('signal', 'held'))).toBe('no signal waits\n');
    expect((await provider.closeEpoch()).counted).toBe(3);
    const top = await succeeded(ctl('top'));
    expect(top).toContain(first);
    expect(top).toContain(second);
    expect(top).toContain('0 of 1 accounts are suspended');
  });

  it('suspends the account behind a pseudonym without learning whose it is, and an operator lets it in again', async () => {
    const person = await provider.person(2);
    const [uri] = (await provider.mint(person, 1)) as [string];
    const receipt = /^accepted, receipt [\w-]{86}\n$/;
    expect(await succeeded(ctl('pseudonym', 'suspend', uri, ...ofCase))).toMatch(receipt);
    await provider.until(() => isRevoked(uri));
    await provider.until(async () => (await person.standing()).standing === 'suspended');
    expect(await succeeded(ctl('pseudonym', 'suspend', uri, ...ofCase))).toMatch(receipt); // again: the same words
    expect(await succeeded(ctl('top'))).toContain('1 of 2 accounts are suspended');

    expect(await succeeded(ctl('pseudonym', 'reinstate', uri, ...ofCase))).toMatch(receipt);
    await provider.until(async () => (await person.standing()).standing === 'active');
    await expect(provider.mint(person, 1)).resolves.toHaveLength(1);
    expect(await isRevoked(uri)).toBe(true);
  });

  it('has a hub added by an operator: to the draft of the next policy', async () => {
    const key = path.join(provider.stack.dataDir, 'new-hub.jwk.json');
    const x = toBase64Url(provider.stack.keys.hubs[0]!.key.publicKey);
    writeFileSync(key, JSON.stringify({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', kid: 'new-1', x }));
    await succeeded(ctl('hub', 'add', 'https://new.example', '--operator', 'newcomer', '--key', key));
    expect(await succeeded(ctl('policy', 'diff'))).toMatch(/hubs\[https:\/\/new\.example\]/);
    await succeeded(ctl('policy', 'check', '--development'));
    expect(await ctl('hub', 'add', 'https://other.example', '--operator', 'newcomer')).toMatchObject({
      code: 1,
      output: expect.stringContaining('give --key or --jwks-url'),
    });
  });
});
