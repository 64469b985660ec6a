/** Redemption over HTTP, on real PostgreSQL, with a key holder that signs but holds no secret. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { X509Certificate } from 'node:crypto';
import { DAY_MS, fromBase64Url, PERIOD_DAYS, periodOf, toBase64Url } from '#contracts';
import { subjectOf } from '#tickets';
import { DOMAIN, flipped, startNymsWorld } from '../fakes/nyms-world.js';
import type { NymsWorld, Redeemer } from '../fakes/nyms-world.js';

let world: NymsWorld;
beforeAll(async () => void (world = await startNymsWorld()), 60_000);
afterAll(() => world?.stop());
afterEach(() => {
  world.keyholder.isAway = false;
  world.keyholder.instead.clear();
});

const redeem = (body: object) => world.call('POST', '/v1/pseudonyms', { body });
const leafOf = (body: Record<string, unknown>) =>
  new X509Certificate(Buffer.from(fromBase64Url((body['certificates'] as string[])[0]!)));
const rows = (uri: string) =>
  world.query<{ selectors: string; clients: string }>(
    `SELECT (SELECT count(*) FROM pseudonyms.selectors WHERE uri = $1) AS selectors, (SELECT count(*) FROM pseudonyms.clients WHERE uri = $1) AS clients
     FROM pseudonyms.pseudonyms WHERE uri = $1`,
    [uri],
  );
const subjectOfBody = ({ salt, uri, publicKey }: Redeemer['body']) =>
  subjectOf(fromBase64Url(salt!), uri!, fromBase64Url(publicKey!));

describe('redemption', () => {
  it.each(['Ed25519', 'P-256'] as const)(
    'gives a credential for a %s key, and stores pseudonym, client and selector',
    async (type) => {
      const { body } = await world.redeemer(type);
      const answer = await redeem(body);
      expect(answer.status).toBe(201);
      expect(answer.headers.get('set-cookie')).toBeNull();
      const period = periodOf(world.clock.today());
      expect(answer.body).toMatchObject({
        uri: body['uri'],
        clientUri: body['clientUri'],
        period,
        expiryDay: (period + 1) * 30 + 35,
      });
      const [pseudonym] = await world.query<{ subject: Buffer; salt: Buffer; spki: Buffer; revoked: boolean }>(
        'SELECT subject, salt, spki, revoked FROM pseudonyms.pseudonyms WHERE uri = $1',
        [body['uri']],
      );
      expect(new Uint8Array(pseudonym!.subject)).toEqual(await subjectOfBody(body));
      expect(toBase64Url(new Uint8Array(pseudonym!.spki))).toBe(body['publicKey']);
      expect(await rows(body['uri']!)).toEqual([{ selectors: '1', clients: '1' }]);
    },
  );

  it('issues certificates that differ only in address, key, serial and end', async () => {
    const [first, second] = await Promise.all([world.redeemer(), world.redeemer()]);
    const answers = await Promise.all([redeem(first.body), redeem(second.body)]);
    const authority = new X509Certificate(world.authority.certificate);
    const leaves = answers.map(({ body }) => leafOf(body));
    for (const [i, leaf] of leaves.entries()) {
      expect(leaf.verify(authority.publicKey)).toBe(true);
      expect(leaf.checkIssued(authority)).toBe(true);
      expect(leaf.subject ?? '').toBe('');
      expect(leaf.subjectAltName).toBe(`URI:${[first, second][i]!.body['clientUri']}`);
      expect(leaf.infoAccess).toBeUndefined();
      expect(leaf.ca).toBe(false);
      const from = new Date(periodOf(world.clock.today()) * PERIOD_DAYS * DAY_MS);
      expect(new Date(leaf.validFrom)).toEqual(from);
      expect(new Date(leaf.validTo).getTime()).toBe((answers[i]!.body['expiryDay'] as number) * DAY_MS - 1_000);
      expect(leaf.serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
      // 2.5.29.31 and id-ad-ocsp as DER: the PEM text spells any three letters now and then
      for (const pointer of ['0603551d1f', '06082b06010505073001'])
        expect(leaf.raw.includes(Buffer.from(pointer, 'hex'))).toBe(false);
      expect(toBase64Url(new Uint8Array(leaf.publicKey.export({ format: 'der', type: 'spki' })))).toBe(
        [first, second][i]!.body['publicKey'],
      );
    }
    expect(leaves[0]!.serialNumber).not.toBe(leaves[1]!.serialNumber);
    expect(fromBase64Url((answers[0]!.body['certificates'] as string[])[1]!)).toEqual(new Uint8Array(authority.raw));
  });

  it('gives the same pseudonym again after a lost answer, and asks the key holder only once', async () => {
    const { body } = await world.redeemer();
    const before = world.keyholder.count('/v1/mints');
    const [a, b] = [await redeem(body), await redeem(body)];
    expect([a.status, b.status]).toEqual([201, 201]);
    expect(b.body).toMatchObject({ uri: body['uri'], period: a.body['period'], expiryDay: a.body['expiryDay'] });
    expect(world.keyholder.count('/v1/mints')).toBe(before + 1);
    expect(await rows(body['uri']!)).toEqual([{ selectors: '1', clients: '1' }]);
  });

  it('stores one pseudonym when the same request comes ten times at once', async () => {
    const { body } = await world.redeemer();
    const answers = await Promise.all(Array.from({ length: 10 }, () => redeem(body)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(await rows(body['uri']!)).toEqual([{ selectors: '1', clients: '1' }]);
  });

  it('goes on where it stopped when the key holder has minted but nothing was stored', async () => {
    const { body } = await world.redeemer();
    world.keyholder.instead.set('/v1/mints', [
      () => {
        throw new Error('the answer is lost');
      },
    ]);
    const lost = await redeem(body);
    expect([lost.status, lost.body['type']]).toEqual([503, '/errors/service-unavailable']);
    expect(await rows(body['uri']!)).toEqual([]);
    expect((await redeem(body)).status).toBe(201);
  });

  it('hands on a refusal in the shape the key holder gave it, with its sealed reason', async () => {
    const { body } = await world.redeemer();
    const sealedReason = toBase64Url(new Uint8Array(48).fill(5));
    world.keyholder.instead.set('/v1/mints', [
      async () => {
        const { Problem } = await import('#contracts');
        throw new Problem('answer-refused', { sealedReason });
      },
    ]);
    const answer = await redeem(body);
    expect(answer.status).toBe(403);
    expect(answer.body).toEqual({
      type: '/errors/answer-refused',
      title: 'No answer for this request',
      status: 403,
      sealedReason,
    });
    expect(await rows(body['uri']!)).toEqual([]);
  });

  it('refuses a revoked or expired pseudonym’s own key as the key holder would', async () => {
    for (const change of ['revoked = true', `expiry_day = ${world.clock.today()}`]) {
      const { body } = await world.redeemer();
      await redeem(body);
      await world.query(`UPDATE pseudonyms.pseudonyms SET ${change} WHERE uri = $1`, [body['uri']]);
      const answer = await redeem(body);
      expect(answer.status).toBe(403);
      expect(Object.keys(answer.body)).toEqual(['type', 'title', 'status', 'sealedReason']);
      expect(fromBase64Url(answer.body['sealedReason'] as string)).toHaveLength(48);
    }
  });

  it('does not give a taken address to another key, and spends no ticket on it', async () => {
    const { body } = await world.redeemer();
    await redeem(body);
    const other = await world.redeemer('Ed25519', body['uri']);
    const before = world.keyholder.count('/v1/mints');
    expect(await redeem(other.body)).toMatchObject({ status: 409, body: { type: '/errors/pseudonym-conflict' } });
    // /p/name and /u/name have the same client addresses
    const twin = await world.redeemer('P-256', body['uri']!.replace('/p/', '/u/'), body['clientUri']);
    expect((await redeem(twin.body)).status).toBe(409);
    expect(world.keyholder.count('/v1/mints')).toBe(before);
  });

  it('gives an address that two keys want at once to one of them', async () => {
    const { body } = await world.redeemer();
    const other = await world.redeemer('Ed25519', body['uri']);
    const answers = await Promise.all([redeem(body), redeem(other.body)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(await rows(body['uri']!)).toEqual([{ selectors: '1', clients: '1' }]);
  });

  it('keeps nothing of a pseudonym whose client address another one got at the same time', async () => {
    const { body } = await world.redeemer();
    const twin = await world.redeemer('P-256', body['uri']!.replace('/p/', '/u/'), body['clientUri']);
    const both = [body, twin.body];
    const answers = await Promise.all(both.map(redeem));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    const lost = both[answers.findIndex(({ status }) => status === 409)]!;
    expect(await rows(lost['uri']!)).toEqual([]);
  });

  it('takes /u/ addresses too', async () => {
    const { body } = await world.redeemer('Ed25519', `mimi://${DOMAIN}/u/${Math.random().toString(36).slice(2)}`);
    expect((await redeem(body)).status).toBe(201);
  });

  it('says that it is not available while the key holder is away', async () => {
    const { body } = await world.redeemer();
    world.keyholder.isAway = true;
    const answer = await redeem(body);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    world.keyholder.isAway = false;
    expect((await redeem(body)).status).toBe(201);
  });

  it('leaves no trace of a request in the log', async () => {
    const { body } = await world.redeemer();
    const before = world.lines.length;
    await redeem(body);
    await redeem({ ...body, proof: flipped(body['proof']!) });
    expect(world.lines.slice(before)).toEqual([]);
    expect(world.lines.join('\n')).not.toContain('mimi://');
  });
});
