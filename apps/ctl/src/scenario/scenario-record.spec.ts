import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readRecord, refuseAnother, writeRecord } from './scenario-record.js';

const size = { seed: 1, accounts: 1_000, hubs: 12 };

describe('a data folder that holds a scenario', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'nymtally-record-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('takes the same one again', () => {
    writeRecord(folder, { ...size, begun: 2 });
    expect(readRecord(folder)).toEqual({ ...size, begun: 2 });
    expect(() => refuseAnother(folder, size)).not.toThrow();
  });

  it.each([{ seed: 2 }, { accounts: 999 }, { hubs: 13 }])('refuses another, %o, in one line with the mend', (other) => {
    writeRecord(folder, { ...size, begun: 1 });
    expect(() => refuseAnother(folder, { ...size, ...other })).toThrow(
      /^.* holds the scenario of seed 1 with 1000 accounts and 12 hubs: .*choose another folder with --data/,
    );
  });

  it('that was cut off before it was written begins anew', () => {
    writeFileSync(path.join(folder, 'scenario.json'), '{"seed":');
    expect(readRecord(folder)).toBeUndefined();
    expect(() => refuseAnother(folder, size)).not.toThrow();
  });
});
