import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { dayOf, EXPIRY_WEEKS, expiryDay, fromBase64Url, periodOf, toBase64Url } from '#contracts';
import type { Handle } from '#contracts';
import { plainSelectorSlot } from '#he';
import { generateSigningKey } from '#platform';
import { checkSelector, fromSelectorJson } from '#pseudonyms';
import { fingerprintOf, verifyDayList, verifyReceipt } from '#tickets';
import { SecondKeyholder, Writer } from '../../apps/keyholder/src/database/writer.js';
import { World } from './keyholder-minting-world.js';

describe('minting', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.open({ limits: { freePseudonyms: 3, maxPseudonyms: 5 } });
  });
  afterAll(() => world.close());

  it('gives a receipt for handle and holder key, the same one each time', async () => {
    const member = await world.enrol();
    const [first, second] = [await world.enrolAs(member), await world.enrolAs(member)];
    expect(first.text).toBe(second.text);
    const { keyHolderId, handleCommitment, signature } = JSON.parse(first.text);
    const receipt = { keyHolderId, handleCommitment: fromBase64Url(handleCommitment), signature: fromBase64Url(signature) };
    expect(await verifyReceipt(world.pin.rootKey, receipt, member.holder.publicKey)).toBe(true);
  });

  it('notes each holder key once and each handle once', async () => {
    const member = await world.enrol();
    const other = new Uint8Array(randomBytes(16)) as Handle;
    expect((await world.enrolAs({ handle: other, holder: member.holder })).status).toBe(403);
    expect((await world.enrolAs({ handle: member.handle, holder: generateSigningKey() })).status).toBe(403);
    expect((await world.enrolAs({ handle: other, holder: generateSigningKey() }, new Uint8Array(64))).status).toBe(403);
    expect((await world.enrolAs(member)).status).toBe(200);
  });

  it('mints a selector that the pinned key signs, for the subject, ending whole weeks after its period', async () => {
    const { answer, redemption } = await world.mintFor(await world.enrol());
    expect(answer.status).toBe(200);
    const selector = fromSelectorJson(answer.selector, 16);
    checkSelector(world.pinned, selector);
    expect(selector.subject).toEqual(redemption.subject);
    const period = periodOf(world.clock.today());
    expect(selector).toMatchObject({ keyEpoch: 1, period });
    const ends = Array.from({ length: 4 }, (_, i) => expiryDay(period, EXPIRY_WEEKS.least + i));
    expect(ends).toContain(selector.expiryDay);
  });

  it('gives the same bytes the same selector with a fresh ciphertext, and counts it once', async () => {
    const member = await world.enrol();
    const { answer, redemption } = await world.mintFor(member);
    const again = await world.mint(redemption);
    const { bytes: first, signature: _, ...fields } = answer.selector;
    const { bytes: second, signature: __, ...same } = again.selector;
    expect(same).toEqual(fields);
    expect(second).not.toBe(first);
    expect(slotOf(second)).toBe(slotOf(first));
    expect(await liveOf(member.handle)).toBe(1);
  });

  it('gives a retry after a restart the same position', async () => {
    const { answer, redemption } = await world.mintFor(await world.enrol());
    await world.restart();
    const again = await world.mint(redemption);
    expect(again.selector).toMatchObject({ selectorId: answer.selector.selectorId, cohort: answer.selector.cohort });
    expect(slotOf(again.selector.bytes)).toBe(slotOf(answer.selector.bytes));
  });

  it('gives a handle the same slot in a cohort, always, and no two handles one slot', async () => {
    const members = await Promise.all(Array.from({ length: 12 }, () => world.enrol()));
    await Promise.all(members.flatMap((member) => Array.from({ length: 3 }, () => world.mintFor(member))));
    const positions = await world.rows('SELECT cohort, slot, count(*)::int AS n FROM keyholder.positions GROUP BY 1, 2');
    expect(positions.every(({ n }) => n === 1)).toBe(true);
    const perCohort = await world.rows('SELECT handle, cohort, count(*)::int AS n FROM keyholder.positions GROUP BY 1, 2');
    expect(perCohort.every(({ n }) => n === 1)).toBe(true);
  });

  it('mints beyond the free number only for commended accounts, and never beyond the most', async () => {
    const member = await world.enrol();
    for (let i = 0; i < 3; i++) expect((await world.mintFor(member)).answer.status).toBe(200);
    const fourth = await world.mintFor(member);
    expect(await world.reason(fourth.answer, fourth.redemption)).toBe('standing-needed');
    await world.sql.query('UPDATE keyholder.handles SET commended = true WHERE handle = $1', [member.handle]);
    for (let i = 0; i < 2; i++) expect((await world.mintFor(member)).answer.status).toBe(200);
    const sixth = await world.mintFor(member);
    expect(await world.reason(sixth.answer, sixth.redemption)).toBe('too-many-live');
    expect(await liveOf(member.handle)).toBe(5);
  });

  it('counts the extra allowance of a reinstated account while it lasts', async () => {
    const member = await world.enrol();
    const today = world.clock.today();
    await world.sql.query('INSERT INTO keyholder.allowances VALUES ($1, 1, $2)', [member.handle, today + 1]);
    for (let i = 0; i < 4; i++) expect((await world.mintFor(member)).answer.status).toBe(200);
    const fifth = await world.mintFor(member);
    expect(await world.reason(fifth.answer, fifth.redemption)).toBe('standing-needed');
  });

  it('serves one signed day list to registrar and nyms, and its parameters to the correlator', async () => {
    const list = await world.dayList();
    expect(await world.get('/v1/day-list', 'registrar')).toMatchObject({ text: JSON.stringify(list) });
    const body = await verifyDayList(list, await fingerprintOf(world.pin.rootKey));
    expect(body).toMatchObject({ day: dayOf(world.clock.now()), keyHolderId: world.pin.keyHolderId });
    expect(JSON.parse((await world.get('/v1/parameters', 'correlator')).text)).toEqual({
      keyHolderId: world.pin.keyHolderId,
      parameterSet: 'plain-n2048',
      selectorKeys: world.pin.selectorKeys.map(({ keyEpoch, key }) => ({ keyEpoch, key: toBase64Url(key) })),
      lastDecided: { negative: 0, positive: 0 },
      shadow: null,
    });
  });

  it('refuses to be the second key holder on its database', async () => {
    const second = new Writer(world.database.urlFor('keyholder'), 0);
    await expect(second.open()).rejects.toThrow(SecondKeyholder);
  });

  it('is ready with database and scheme, and says nothing of anybody in its metrics', async () => {
    expect(JSON.parse((await world.get('/health/ready')).text)).toEqual({
      status: 'up',
      checks: { database: 'up', scheme: 'up' },
    });
    const { text } = await world.get('/metrics');
    const ours = text.split('\n').filter((line) => line.startsWith('nymtally_keyholder_mints_total{'));
    expect(ours.map((line) => line.replace(/ \d+$/, '')).sort()).toEqual([
      'nymtally_keyholder_mints_total{outcome="minted"}',
      'nymtally_keyholder_mints_total{outcome="refused"}',
    ]);
  });

  const liveOf = async (handle: Handle) =>
    (await world.rows('SELECT coalesce(sum(count), 0)::int AS live FROM keyholder.live_counts WHERE handle = $1', [handle]))[0]![
      'live'
    ];
});

/** The plain twin keeps the slot in the open; the same bytes but for it are random. */
const slotOf = (bytes: string): number => plainSelectorSlot(fromBase64Url(bytes));
