import { describe, expect, it } from '@jest/globals';
import { toBase64Url } from '#contracts';
import type { DayListBody } from '#contracts';
import { fingerprintOf, signDayList, verifyDayList } from './day-list.js';
import { generateSigningKey, importSigner, kidOf } from './ed25519.js';
import { randomBytes } from './webcrypto.js';

const fault = { name: 'TicketError', fault: 'day-list' };
const keyEntry = async () => {
  const key = randomBytes(32);
  return { kid: await kidOf(key), key: toBase64Url(key) };
};
const newList = async (): Promise<DayListBody> => ({
  v: 1,
  keyHolderId: 'kh-1',
  day: 20_600,
  hpke: await keyEntry(),
  ticket: await keyEntry(),
});
const newRoot = async () => importSigner(await generateSigningKey());

describe('a day list', () => {
  it('is taken from the pinned root', async () => {
    const root = await newRoot();
    const body = await newList();
    await expect(verifyDayList(await signDayList(root, body), await fingerprintOf(root.publicKey))).resolves.toEqual(body);
  });

  it('is refused from any other root, also one that signs truly', async () => {
    const [root, other] = [await newRoot(), await newRoot()];
    const list = await signDayList(other, await newList());
    await expect(verifyDayList(list, await fingerprintOf(root.publicKey))).rejects.toMatchObject(fault);
  });

  it('is refused when day, key or key holder were changed after signing', async () => {
    const root = await newRoot();
    const pin = await fingerprintOf(root.publicKey);
    const list = await signDayList(root, await newList());
    for (const change of [{ day: 20_601 }, { keyHolderId: 'kh-2' }, { hpke: await keyEntry() }])
      await expect(verifyDayList({ ...list, body: { ...list.body, ...change } }, pin)).rejects.toMatchObject(fault);
  });

  it('is refused when a kid does not name its key', async () => {
    const root = await newRoot();
    const body = await newList();
    const list = await signDayList(root, { ...body, ticket: { ...body.ticket, kid: body.hpke.kid } });
    await expect(verifyDayList(list, await fingerprintOf(root.publicKey))).rejects.toMatchObject(fault);
  });
});
