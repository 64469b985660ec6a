/** What came of an act, in one line. Pure. */
import type { ActOutput } from '#contracts';

export function outcomeText(output: ActOutput): string {
  if (output.output === 'count')
    return `done: ${output.count === undefined ? `fewer than ${output.fewerThan}` : output.count.toLocaleString('en')} standings lifted`;
  return output.output === 'nothing' ? 'done' : `handle ${output.warrant.handle}`;
}
