/** A refusal of our own that looks like the key holder's: same body, same size, a reason that nobody can open. */
import { Problem, toBase64Url } from '#contracts';
import { noReason } from '#tickets';

export const refused = (): Problem => new Problem('answer-refused', { sealedReason: toBase64Url(noReason()) });
