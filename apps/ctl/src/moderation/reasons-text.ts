/** Why a pseudonym was suspended, in words that claim no more than the answer says. Pure. */
import type { z } from 'zod';
import type { suspensionReasons } from '#contracts';

export function reasonsText({ operators: { least, most }, reasons }: z.output<typeof suspensionReasons>): string {
  if (least === 0) {
    return [
      `few: signals of ${most} operators at most, perhaps of none`,
      'so it was reported by few, or a moderator suspended it, or its account crossed by other pseudonyms: nothing here tells which',
    ].join('\n');
  }
  const band = most === undefined ? `${least} operators or more` : `${least} to ${most} operators`;
  return `signals of ${band}, for ${reasons.length === 0 ? 'reasons of which none was given by three' : reasons.join(', ')}`;
}
