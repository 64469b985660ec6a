import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { askHidden } from './prompt.js';
import type { Terminal } from './prompt.js';

class Keyboard extends EventEmitter {
  isRaw = false;
  constructor(readonly isTTY = true) {
    super();
  }
  setRawMode = (raw: boolean) => ((this.isRaw = raw), this as never);
  resume = () => this as never;
  pause = () => this as never;
}

function asked(keyboard: Keyboard) {
  let shown = '';
  const output = { write: (text: string) => (shown += text) };
  const answer = askHidden('Passphrase: ', { input: keyboard as unknown as Terminal['input'], output });
  return { answer, shown: () => shown };
}

describe('asking for a passphrase', () => {
  it('shows nothing of what is typed, and gives the terminal back', async () => {
    const keyboard = new Keyboard();
    const { answer, shown } = asked(keyboard);
    expect(keyboard.isRaw).toBe(true);
    for (const part of ['gr\u00fcn', 'x\u007f', 'e w', 'iese\r']) keyboard.emit('data', Buffer.from(part));
    expect(await answer).toBe('gr\u00fcne wiese');
    expect(shown()).toBe('Passphrase: \n');
    expect(keyboard.isRaw).toBe(false);
    expect(keyboard.listenerCount('data')).toBe(0);
  });

  it('does nothing after Ctrl-C', async () => {
    const keyboard = new Keyboard();
    const { answer } = asked(keyboard);
    keyboard.emit('data', Buffer.from('half\u0003'));
    await expect(answer).rejects.toThrow('nothing was done');
    expect(keyboard.isRaw).toBe(false);
  });

  it('is refused where nobody can answer', async () => {
    await expect(asked(new Keyboard(false)).answer).rejects.toThrow('no terminal');
  });
});
