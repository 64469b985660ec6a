/** A lost holder key is replaced after seven days, in the log, and can be called off until then. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { frame, labels, toBase64Url, type Handle } from '#contracts';
import { generateSigningKey, type SigningKey } from '#platform';
import { handleCommitment } from '#tickets';
import { World } from './keyholder-minting-world.js';
import type { Member } from './keyholder-minting-world.js';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

const url = '/v1/handles/replacement';
const ask = ({ handle }: Member, key: SigningKey, by = key) => {
  const proof = toBase64Url(by.sign(frame(labels.enrol, world.pin.keyHolderId, key.publicKey)));
  return world.post(url, { handle: toBase64Url(handle), holderKey: toBase64Url(key.publicKey), proof }, 'registrar');
};
const callOff = ({ handle }: Member, newKey: SigningKey, by: SigningKey) => {
  const signature = toBase64Url(by.sign(frame(labels.callOff, world.pin.keyHolderId, newKey.publicKey)));
  return world.post(`${url}/call-off`, { handle: toBase64Url(handle), signature }, 'registrar');
};
const state = async ({ handle }: Member) =>
  JSON.parse((await world.post(`${url}/state`, { handle: toBase64Url(handle) }, 'registrar')).text) as object;
const mintWith = async (member: Member, holder: SigningKey) =>
  (await world.mint(await world.redemption({ holder }, await world.ticketFor(member)))).status;
const logged = async (handle: Handle) => {
  const commitment = toBase64Url(await handleCommitment(handle));
  return (await world.audit()).filter((entry) => entry['handle'] === commitment);
};

describe('replacing a holder key', () => {
  it('counts after seven days and not a day earlier, and each step is an entry', async () => {
    const [member, key] = [await world.enrol(), generateSigningKey()];
    const effectiveDay = world.clock.today() + 7;
    const waiting = { replacement: { holderKey: toBase64Url(key.publicKey), effectiveDay } };
    expect(JSON.parse((await ask(member, key)).text)).toEqual(waiting);
    world.clock.advanceDays(6);
    await world.upkeep();
    expect(JSON.parse((await ask(member, key)).text)).toEqual(waiting); // the same again moves nothing
    expect(await state(member)).toEqual(waiting);
    expect([await mintWith(member, key), await mintWith(member, member.holder)]).toEqual([403, 200]);
    world.clock.advanceDays(1);
    await world.restart();
    expect([await mintWith(member, key), await mintWith(member, member.holder)]).toEqual([200, 403]);
    expect(await state(member)).toEqual({});
    expect((await world.enrolAs({ ...member, holder: key })).status).toBe(200);
    expect((await world.enrolAs(member)).status).toBe(403);
    expect(await logged(member.handle)).toMatchObject([
      { type: 'key-replacement', step: 'asked', effectiveDay },
      { type: 'key-replacement', step: 'replaced', effectiveDay },
    ]);
  });

  it('is called off by the key in use, or by the new one, and by no other', async () => {
    const [member, key] = [await world.enrol(), generateSigningKey()];
    await ask(member, key);
    expect((await callOff(member, key, generateSigningKey())).status).toBe(403);
    expect((await callOff(member, generateSigningKey(), member.holder)).status).toBe(403);
    expect((await callOff(member, key, member.holder)).status).toBe(200);
    expect((await callOff(member, key, member.holder)).status).toBe(403);
    await ask(member, key);
    expect((await callOff(member, key, key)).status).toBe(200);
    await ask(member, key);
    expect((await callOff(member, key, member.holder)).status).toBe(200);
    world.clock.advanceDays(8);
    await world.upkeep();
    expect(await mintWith(member, member.holder)).toBe(200);
    expect((await logged(member.handle)).map(({ step }) => step)).toEqual(
      Array.from({ length: 3 }, () => ['asked', 'called-off']).flat(),
    );
  });

  it('takes no key that is not shown to be had, is in use, waits elsewhere, or comes second', async () => {
    const [one, other, key] = [await world.enrol(), await world.enrol(), generateSigningKey()];
    expect((await ask(one, key, generateSigningKey())).status).toBe(403);
    expect((await ask(one, other.holder)).status).toBe(403);
    expect((await ask(one, one.holder)).status).toBe(403);
    expect((await ask({ ...one, handle: new Uint8Array(16).fill(9) as Handle }, key)).status).toBe(403);
    expect((await ask(one, key)).status).toBe(200);
    expect((await ask(other, key)).status).toBe(403);
    expect((await ask(one, generateSigningKey())).status).toBe(403);
    expect((await world.enrolAs({ handle: new Uint8Array(16).fill(8) as Handle, holder: key })).status).toBe(403);
    expect((await world.post(`${url}/state`, { handle: toBase64Url(one.handle) }, 'nyms')).status).toBe(403);
  });
});
