import { describe, expect, it } from '@jest/globals';
import { remedies } from '#cases';
import { remedyRows } from './remedies-command.js';

const inForce = async (name: string) => {
  const remedy = remedies.find((one) => one.name === name)!;
  return (await remedyRows(remedy, 20_000)).at(-1)?.trim();
};

describe('the remedies', () => {
  it('do what they say', async () => {
    expect(await inForce('suspend for days')).toBe('in force  named: disabled; siblings: active; new pseudonyms: no');
    expect(await inForce('suspend')).toBe('in force  named: ended; siblings: ends by expiry; new pseudonyms: no');
    for (const name of [
      'suspend and remove from all rooms',
      'the same at once',
      'delete',
      'suspend or delete, related accounts too',
    ])
      expect(await inForce(name)).toBe('in force  named: ended; siblings: ended; new pseudonyms: no');
    expect(await inForce('reinstate')).toBe('in force  named: active; siblings: active; new pseudonyms: yes');
  });

  it('on one account show no number', async () => {
    for (const remedy of remedies) expect((await remedyRows(remedy, 20_000)).join(' ')).not.toMatch(/\d/);
  });
});
