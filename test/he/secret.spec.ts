/** The secret side over its life: made, exported, opened again, worn out, closed. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { createSecretScheme, openSecretScheme, type SecretScheme } from '../../apps/keyholder/src/secret-key/index.js';

const name = 'n2048-q50-t20';
const opened: SecretScheme[] = [];
const keep = async (making: Promise<SecretScheme>): Promise<SecretScheme> => {
  const secret = await making;
  opened.push(secret);
  return secret;
};

afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
});

describe('secret scheme', () => {
  it('opens after a restart what it encrypted before', async () => {
    const first = await keep(createSecretScheme(name));
    const selectors = await first.encryptSelectors([3, 2047]);
    const stored = first.exportSecret();
    await first.close();
    const second = await keep(openSecretScheme(name, stored));
    expect(await second.openSelectors(selectors)).toEqual([3, 2047]);
    expect(await second.selfTest(2 ** 30)).toBe('passed');
  });

  it('keeps a copy of its own of the stored bytes', async () => {
    const first = await keep(createSecretScheme(name));
    const stored = first.exportSecret();
    const second = await keep(openSecretScheme(name, stored, { operationsPerWorker: 2 }));
    stored.fill(0);
    const selectors = await second.encryptSelectors([1, 2, 3, 4]);
    expect(await second.openSelectors(selectors)).toEqual([1, 2, 3, 4]);
  });

  it('refuses damaged bytes and those of another set', async () => {
    const secret = await keep(createSecretScheme(name));
    const stored = secret.exportSecret();
    await expect(openSecretScheme('n4096-q60-t20', stored)).rejects.toMatchObject({ name: 'SecretUnreadable' });
    stored[5000] = (stored[5000] as number) ^ 1;
    await expect(openSecretScheme(name, stored)).rejects.toMatchObject({ name: 'SecretUnreadable' });
  });

  it('makes a different key every time', async () => {
    const [a, b] = [await keep(createSecretScheme(name)), await keep(createSecretScheme(name))];
    expect(Buffer.compare(a.exportSecret(), b.exportSecret())).not.toBe(0);
  });

  it('recycles its workers under load without losing an answer', async () => {
    const secret = await keep(createSecretScheme(name, { threads: 2, operationsPerWorker: 50 }));
    const slots = Array.from({ length: 300 }, (_, i) => (i * 11) % 2048);
    const selectors = await secret.encryptSelectors(slots);
    expect(await secret.openSelectors(selectors)).toEqual(slots);
  });

  it.each([name, 'plain-n2048'] as const)('%s refuses slots outside the cohort and calls after close', async (each) => {
    const secret = await keep(createSecretScheme(each));
    for (const slot of [-1, 2048, 1.5, NaN]) await expect(secret.encryptSelector(slot)).rejects.toThrow(RangeError);
    const selector = await secret.encryptSelector(0);
    await secret.close();
    await expect(secret.openSelector(selector)).rejects.toMatchObject({ name: 'SchemeClosed' });
    await expect(secret.encryptSelector(0)).rejects.toMatchObject({ name: 'SchemeClosed' });
  });

  it('has a plain twin that is exported and opened alike', async () => {
    const first = await keep(createSecretScheme('plain-n2048'));
    const second = await keep(openSecretScheme('plain-n2048', first.exportSecret()));
    expect(await second.openSelector(await first.encryptSelector(12))).toBe(12);
    await expect(openSecretScheme(name, first.exportSecret())).rejects.toMatchObject({ name: 'SecretUnreadable' });
  });
});
