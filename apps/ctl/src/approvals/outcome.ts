/** What came of an act, in one line. Pure. */
import type { ActOutput } from '#contracts';
import { countText } from './act-preview.js';

export function outcomeText(output: ActOutput): string {
  if (output.output === 'count') return `done: lifted what was left of ${countText(output)} standings`;
  return output.output === 'nothing' ? 'done' : `handle ${output.warrant.handle}`;
}
