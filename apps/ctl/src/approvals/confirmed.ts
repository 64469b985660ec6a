/** Asks the person at the terminal. Without one nothing is confirmed: a script says so with --yes. */
import { createInterface } from 'node:readline/promises';
import { StackError } from '../stack/stack-error.js';

export async function confirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new StackError('nobody is there to ask', 'read it, then add --yes');
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await lines.question(question)).trim());
  } finally {
    lines.close();
  }
}
