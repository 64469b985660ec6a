import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { initRequest, readRequest } from './requests.js';

const passphrase = 'a passphrase nobody may see';
const people = (...names: string[]) => names.map((person) => ({ person, passphrase }));
const ceremony = { mode: 'shares', threshold: 2, people: people('alice', 'bob'), sharesDir: 'shares' };
const read = (value: unknown) => readRequest(initRequest, Readable.from([Buffer.from(JSON.stringify(value))]));

describe('a request on standard input', () => {
  it('is people with their passphrases, or nobody', async () => {
    expect(await read(ceremony)).toEqual(ceremony);
    expect(await read({ mode: 'auto' })).toEqual({ mode: 'auto' });
  });

  it('is overwritten once it is read', async () => {
    const part = Buffer.from(JSON.stringify(ceremony));
    await readRequest(initRequest, Readable.from([part]));
    expect(part.every((byte) => byte === 0)).toBe(true);
  });

  it('is refused when there is none', async () => {
    await expect(readRequest(initRequest, Readable.from([Buffer.from('{')]))).rejects.toThrow('standard input holds no JSON');
  });

  it.each([
    ['one share that would open everything', { ...ceremony, threshold: 1 }],
    ['more shares needed than there are', { ...ceremony, threshold: 3 }],
    ['one person', { ...ceremony, people: people('alice') }],
    ['two people of one name', { ...ceremony, people: people('alice', 'Alice') }],
    ['a name that leaves the folder', { ...ceremony, people: people('alice', '../bob') }],
    ['a field that nobody knows', { ...ceremony, unsealKey: passphrase }],
    ['people for a key holder that unseals itself', { ...ceremony, mode: 'auto' }],
    ['nothing in it', null],
  ])('is refused with %s, and repeats no passphrase', async (_, value) => {
    const refused = await read(value).catch((error: Error) => error);
    expect(refused).toBeInstanceOf(Error);
    expect((refused as Error).message).toMatch(/^standard input /);
    expect((refused as Error).message).not.toContain(passphrase);
  });
});
