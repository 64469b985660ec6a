/** What went wrong outside our code and how to mend it, in one line: the launcher prints `message` and no stack. */
export class StackError extends Error {
  override readonly name = 'StackError';

  constructor(what: string, mend: string) {
    super(`${what}: ${mend}`);
  }
}
