import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parameterSet } from '#he';
import { checkSelector, fromSelectorJson } from '#pseudonyms';
import type { Selector } from '#pseudonyms';
import { readEpochSecrets } from '../../apps/keyholder/src/key-epochs/epoch-secrets.js';
import { autoUnseal } from '../../apps/keyholder/src/sealing/auto-unseal.js';
import { SealedFolder } from '../../apps/keyholder/src/sealing/sealed-folder.js';
import { openSecretScheme } from '../../apps/keyholder/src/secret-key/index.js';
import type { SecretScheme } from '../../apps/keyholder/src/secret-key/index.js';
import path from 'node:path';
import { World } from './keyholder-minting-world.js';
import type { Answer } from './keyholder-minting-world.js';

const set = parameterSet('n2048-q50-t20');

describe('minting real ciphertexts', () => {
  let world: World;
  let scheme: SecretScheme;
  beforeAll(async () => {
    world = await World.open({ parameterSet: 'n2048-q50-t20' });
    const folder = path.join(world.folder, 'secrets');
    const { scheme: secret } = await readEpochSecrets(new SealedFolder(folder, (await autoUnseal(folder, false)).barrier), 1);
    scheme = await openSecretScheme('n2048-q50-t20', secret);
  }, 60_000);
  afterAll(async () => {
    await scheme.close();
    await world.close();
  });

  const read = (answer: Answer): Selector => {
    const selector = fromSelectorJson(answer.selector, set.selectorBytes);
    checkSelector(world.pinned, selector);
    return selector;
  };
  const slotOf = ({ bytes }: Selector) => scheme.openSelector(bytes);

  it('puts the position that is stored into the ciphertext', async () => {
    const member = await world.enrol();
    const selectors = (await Promise.all(Array.from({ length: 4 }, () => world.mintFor(member)))).map(({ answer }) =>
      read(answer),
    );
    for (const selector of selectors) {
      const [row] = await world.rows('SELECT slot FROM keyholder.positions WHERE cohort = $1 AND handle = $2', [
        selector.cohort,
        member.handle,
      ]);
      expect(await slotOf(selector)).toBe(row!['slot']);
    }
  });

  it('makes a retry and a renewal of the same slot from fresh ciphertexts, of one length', async () => {
    const { answer, redemption } = await world.mintFor(await world.enrol());
    const minted = read(answer);
    const retried = read(await world.mint(redemption));
    const renewed = read(await world.renew(answer.selector, redemption, minted.period + 1));
    expect(new Set(await Promise.all([minted, retried, renewed].map(slotOf))).size).toBe(1);
    expect(new Set([minted, retried, renewed].map(({ bytes }) => Buffer.from(bytes).toString('base64'))).size).toBe(3);
  });

  it('opens nothing but its own signed selectors', async () => {
    const { answer, redemption } = await world.mintFor(await world.enrol());
    const spoiled = Buffer.from(answer.selector.bytes, 'base64url');
    spoiled[200]! ^= 1;
    const other = { ...answer.selector, bytes: spoiled.toString('base64url') };
    expect((await world.renew(other, redemption, answer.selector.period + 1)).status).toBe(403);
    expect((await world.renew(answer.selector, redemption, answer.selector.period + 1)).status).toBe(200);
  });
});
