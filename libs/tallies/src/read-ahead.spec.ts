import { describe, expect, it } from '@jest/globals';
import { readAhead } from './read-ahead.js';

describe('reading pages one ahead', () => {
  it('gives all pages before the first that is undefined, in order, and asks for no more', async () => {
    const asked: number[] = [];
    const seen: string[] = [];
    const read = (page: number) => {
      asked.push(page);
      return Promise.resolve(page < 3 ? `page ${page}` : undefined);
    };
    for await (const page of readAhead(read)) seen.push(page);
    expect(seen).toEqual(['page 0', 'page 1', 'page 2']);
    expect(asked).toEqual([0, 1, 2, 3]);
  });

  it('has asked for the next page, and for no other, while one is worked on', async () => {
    let asked = 0;
    const seen: number[] = [];
    for await (const page of readAhead((at) => Promise.resolve(++asked && at < 3 ? at : undefined))) {
      seen.push(asked - page);
    }
    expect(seen).toEqual([2, 2, 2]);
  });

  it('reads no more when a page says that it is the last', async () => {
    const asked: number[] = [];
    const read = (page: number, before?: string) => {
      if (before === 'last') return Promise.resolve(undefined);
      asked.push(page);
      return Promise.resolve(page === 1 ? 'last' : 'first');
    };
    const seen: string[] = [];
    for await (const page of readAhead(read)) seen.push(page);
    expect(seen).toEqual(['first', 'last']);
    expect(asked).toEqual([0, 1]);
  });

  it('throws what reading throws, after the pages before it', async () => {
    const seen: number[] = [];
    const reading = async () => {
      const broken = (at: number) => (at < 2 ? Promise.resolve(at) : Promise.reject(new Error('connection lost')));
      for await (const page of readAhead(broken)) seen.push(page);
    };
    await expect(reading()).rejects.toThrow('connection lost');
    expect(seen).toEqual([0, 1]);
  });

  it('ends only when the page that is under way has come, also for who stops early', async () => {
    let ended = 0;
    for await (const page of readAhead(async (at) => {
      await new Promise((resolve) => setImmediate(resolve));
      ended++;
      return at;
    }))
      if (page === 1) break;
    expect(ended).toBe(3);
  });
});
