import { describe, expect, it } from '@jest/globals';
import { reasonIn } from './reason.js';

describe('the reason why a process ended', () => {
  it('is the last logged fault', () => {
    const output = [
      '{"level":30,"event":"listening"}',
      '{"level":60,"event":"start-failed","err":{"message":"no database"}}',
      '',
    ].join('\n');
    expect(reasonIn(output)).toBe('start-failed: no database');
  });

  it('is the plain line for the person who starts it', () => {
    expect(reasonIn('port 7402 on 127.0.0.1 is in use: stop what listens there\n')).toBe(
      'port 7402 on 127.0.0.1 is in use: stop what listens there',
    );
  });

  it('is the error of a crash, not its stack', () => {
    const output =
      "node:internal/modules:1\n    throw err;\n    ^\n\nError: Cannot find package 'x'\n    at a (node:1)\n\nNode.js v24.21.0\n";
    expect(reasonIn(output)).toBe("Error: Cannot find package 'x'");
  });

  it('says so when there is none', () => {
    expect(reasonIn('{"level":30,"event":"listening"}\n')).toBe('it said nothing');
  });
});
