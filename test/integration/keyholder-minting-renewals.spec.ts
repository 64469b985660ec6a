import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { endOfPeriod, frame, fromBase64Url, labels, periodOf, toBase64Url } from '#contracts';
import { plainSelectorSlot } from '#he';
import { generateSigningKey } from '#platform';
import { checkSelector, fromSelectorJson, selectorMessage, toSelectorJson } from '#pseudonyms';
import type { SelectorJson } from '#pseudonyms';
import { World } from './keyholder-minting-world.js';
import type { Member } from './keyholder-minting-world.js';

describe('renewals', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.open({ limits: { freePseudonyms: 4, maxPseudonyms: 4 } });
  });
  afterAll(() => world.close());

  const next = () => periodOf(world.clock.today()) + 1;
  const liveRows = (member: Member) =>
    world.rows('SELECT expiry_day AS day, count FROM keyholder.live_counts WHERE handle = $1 AND count > 0 ORDER BY 1', [
      member.handle,
    ]);
  const mintOne = async () => {
    const member = await world.enrol();
    const { answer, redemption } = await world.mintFor(member);
    return { member, redemption, selector: answer.selector };
  };

  it('give a new selector of the same subject, cohort and slot, that ends a period later', async () => {
    const { member, redemption, selector } = await mintOne();
    const { selector: renewed } = await world.renew(selector, redemption, next());
    checkSelector(world.pinned, fromSelectorJson(renewed, 16));
    expect(renewed).toMatchObject({
      subject: selector.subject,
      cohort: selector.cohort,
      keyEpoch: 1,
      period: selector.period + 1,
      expiryDay: selector.expiryDay + 30,
    });
    expect(renewed.selectorId).not.toBe(selector.selectorId);
    expect(slotOf(renewed)).toBe(slotOf(selector));
    expect(await liveRows(member)).toEqual([{ day: renewed.expiryDay, count: 1 }]);
  });

  it('give a retry the same selector and move the count once', async () => {
    const { member, redemption, selector } = await mintOne();
    const answers = await Promise.all(Array.from({ length: 5 }, () => world.renew(selector, redemption, next())));
    answers.push(await world.renew(selector, redemption, next()));
    expect(new Set(answers.map((answer) => `${answer.selector.selectorId} ${answer.selector.expiryDay}`)).size).toBe(1);
    expect(new Set(answers.map((answer) => answer.selector.bytes)).size).toBe(6);
    expect(await liveRows(member)).toEqual([{ day: selector.expiryDay + 30, count: 1 }]);
  });

  it('move a count each when two pseudonyms of an account are renewed', async () => {
    const { member, redemption, selector } = await mintOne();
    const second = await world.mintFor(member);
    await Promise.all([
      world.renew(selector, redemption, next()),
      world.renew(second.answer.selector, second.redemption, next()),
    ]);
    const rows = await liveRows(member);
    expect(rows.reduce((sum, { count }) => sum + (count as number), 0)).toBe(2);
    expect(rows.every(({ day }) => (day as number) > endOfPeriod(next()))).toBe(true);
  });

  it('keep the account at its cap: a renewed pseudonym still counts when its first selector would have ended', async () => {
    const { member, redemption, selector } = await mintOne();
    for (let i = 0; i < 3; i++) await world.mintFor(member);
    await world.renew(selector, redemption, next());
    const fifth = await world.mintFor(member);
    expect(await world.reason(fifth.answer, fifth.redemption)).toBe('too-many-live');
  });

  it('are refused for every period but the next', async () => {
    const { redemption, selector } = await mintOne();
    for (const period of [next() - 1, next() + 1, next() + 2, 0]) {
      expect((await world.renew(selector, redemption, period)).status).toBe(403);
    }
  });

  it('are refused with another salt, address, key or signature', async () => {
    const { redemption, selector } = await mintOne();
    const { key, uri } = (await mintOne()).redemption;
    const signature = toBase64Url(await key.sign(frame(labels.renew, redemption.uri, next())));
    const changes = [
      { salt: toBase64Url(randomBytes(16)) },
      { uri },
      { publicKey: toBase64Url(key.spki), signature },
      { signature },
      { signature: toBase64Url(new Uint8Array(64)) },
      { publicKey: 'not base64url!' },
      { publicKey: '' },
    ];
    for (const change of changes) expect((await world.renew(selector, redemption, next(), change)).status).toBe(403);
    expect((await world.renew(selector, redemption, next())).status).toBe(200);
  });

  it('are refused for a selector that is not ours, or not what we signed', async () => {
    const { redemption, selector } = await mintOne();
    const other = (await mintOne()).selector;
    const forger = generateSigningKey();
    const fields = fromSelectorJson(selector, 16);
    const forged = toSelectorJson({ ...fields, signature: forger.sign(selectorMessage(world.pin, fields)) });
    const spoiled: SelectorJson[] = [
      forged,
      { ...selector, cohort: selector.cohort + 1 },
      { ...selector, expiryDay: selector.expiryDay + 7 },
      { ...selector, period: selector.period - 1 },
      { ...selector, keyEpoch: 2 },
      { ...selector, bytes: other.bytes },
      { ...selector, bytes: selector.bytes.slice(0, -2) },
      { ...other, subject: selector.subject },
      other,
    ];
    for (const one of spoiled) expect((await world.renew(one, redemption, next())).status).toBe(403);
  });

  it('open in the last third of a period, and a selector that was not renewed in its own period can still be', async () => {
    const { member, redemption, selector } = await mintOne();
    world.clock.advanceDays(1); // first day of the next period
    expect((await world.renew(selector, redemption, next())).status).toBe(403);
    world.clock.advanceDays(19);
    expect((await world.renew(selector, redemption, next())).status).toBe(403);
    world.clock.advanceDays(1);
    const { selector: renewed } = await world.renew(selector, redemption, next());
    expect(renewed).toMatchObject({ period: selector.period + 2, expiryDay: selector.expiryDay + 60 });
    expect(await liveRows(member)).toEqual([{ day: renewed.expiryDay, count: 1 }]);
  });

  it('from an older selector of the pseudonym give the very same one, and count once', async () => {
    const { member, redemption, selector } = await mintOne();
    const { selector: second } = await world.renew(selector, redemption, next());
    world.clock.advanceDays(30);
    const { selector: third } = await world.renew(second, redemption, next());
    const { selector: again } = await world.renew(selector, redemption, next());
    expect(again).toMatchObject({ selectorId: third.selectorId, cohort: third.cohort, expiryDay: third.expiryDay });
    expect(await liveRows(member)).toEqual([{ day: third.expiryDay, count: 1 }]);
  });

  it('are refused once the selector has expired', async () => {
    const { redemption, selector } = await mintOne();
    world.clock.advanceDays(selector.expiryDay - world.clock.today());
    while (world.clock.today() % 30 < 20) world.clock.advanceDays(1);
    expect((await world.renew(selector, redemption, next())).status).toBe(403);
  });

  it('keep nothing that ties a selector or a pseudonym to a handle', async () => {
    const { redemption, selector } = await mintOne();
    while (world.clock.today() % 30 < 20) world.clock.advanceDays(1);
    const { selector: renewed } = await world.renew(selector, redemption, next());
    const [{ dump }] = (await world.rows(
      `SELECT string_agg(t::text, E'\\n') AS dump FROM (SELECT to_json(s)::text FROM keyholder.spent s UNION ALL
         SELECT to_json(p)::text FROM keyholder.positions p UNION ALL SELECT to_json(l)::text FROM keyholder.live_counts l) t`,
    )) as [{ dump: string }];
    for (const { selectorId, subject } of [selector, renewed]) {
      for (const text of [selectorId, subject]) expect(dump).not.toContain(Buffer.from(fromBase64Url(text)).toString('hex'));
    }
  });
});

const slotOf = ({ bytes }: SelectorJson): number => plainSelectorSlot(fromBase64Url(bytes));
