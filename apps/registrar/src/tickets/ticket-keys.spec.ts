import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { toBase64Url } from '#contracts';
import { createLogger, generateSigningKey, Secret, StartError } from '#platform';
import { kidOf } from '#tickets';
import { registrarEvents } from '../events.js';
import type { KeyholderClient } from '../keyholder/keyholder-client.js';
import { readTicketSecrets, TicketKeys } from './ticket-keys.js';

const keys = [generateSigningKey(), generateSigningKey()];
const sealKey = new Secret(toBase64Url(randomBytes(32)));
const secretsOf = (text: string) => readTicketSecrets({ ticketKey: new Secret(text), sealKey });
const both = secretsOf(keys.map((key) => key.toPem()).join('\n'));

/** A key holder whose day list names this key. */
const naming = async (key: Uint8Array): Promise<KeyholderClient> => {
  const ticket = { kid: await kidOf(key), key: toBase64Url(key) };
  const client = { keysOfToday: async () => ({ keyHolderId: 'kh', ticket }), check: async () => undefined };
  return client as unknown as KeyholderClient;
};
const ticketKeys = async (key: Uint8Array) =>
  new TicketKeys(both, await naming(key), registrarEvents(createLogger({ app: 'test', level: 'silent' })));

describe('ticket keys of the registrar', () => {
  it('sign with the one that the day list names, while one takes over from the other', async () => {
    for (const { publicKey } of keys) {
      const own = await ticketKeys(publicKey);
      expect((await own.issuer()).kid).toBe(await kidOf(publicKey));
      await own.check();
    }
  });

  it('sign with none when it names another', async () => {
    const own = await ticketKeys(generateSigningKey().publicKey);
    await expect(own.issuer()).rejects.toThrow();
    await expect(own.check()).rejects.toThrow('names another ticket key');
  });

  it.each([
    ['nothing', ' '],
    ['no key', 'text'],
    ['a damaged one beside a good one', `${keys[0]!.toPem()}\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n`],
  ])('are refused at the start when the file holds %s', (_, text) => {
    expect(() => secretsOf(text)).toThrow(StartError);
  });
});
