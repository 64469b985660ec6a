/** Asks for a line that is not shown, on a terminal. What was typed goes to the caller and nowhere else. */
import type { ReadStream } from 'node:tty';
import { StackError } from '../stack/stack-error.js';

export interface Terminal {
  readonly input: Pick<ReadStream, 'isTTY' | 'setRawMode' | 'on' | 'off' | 'resume' | 'pause'>;
  readonly output: { write(text: string): unknown };
}

const ctrlC = '\u0003';
const ctrlD = '\u0004';
const erase = ['\u007f', '\b'];
const ends = ['\r', '\n', ctrlD];

/** @throws StackError without a terminal, or when the person gives up */
export async function askHidden(
  question: string,
  { input, output }: Terminal = { input: process.stdin, output: process.stderr },
): Promise<string> {
  if (!input.isTTY) throw new StackError('there is no terminal to ask for a passphrase', 'give it in a file, see --help');
  output.write(question);
  input.setRawMode(true);
  input.resume();
  try {
    return await typed(input);
  } finally {
    input.setRawMode(false);
    input.pause();
    output.write('\n');
  }
}

function typed(input: Terminal['input']): Promise<string> {
  return new Promise((resolve, reject) => {
    let line: string[] = [];
    const onData = (data: Buffer) => {
      for (const letter of data.toString('utf8')) {
        if (erase.includes(letter)) line = line.slice(0, -1);
        else if (letter === ctrlC || ends.includes(letter)) {
          input.off('data', onData);
          if (letter === ctrlC) reject(new StackError('nothing was done', 'start again when the passphrase is at hand'));
          else resolve(line.join(''));
          return;
        } else line.push(letter);
      }
    };
    input.on('data', onData);
  });
}
