/** Why a selector is turned away. Codes are ours and stable; no message holds a field of the selector. */
export type SelectorFault =
  /** a field is missing, out of range or not base64url */
  | 'malformed'
  /** the ciphertext, or the stream of frames, has another length than the parameter set gives */
  | 'length'
  /** more frames than the receiver takes at once */
  | 'count'
  /** not signed by the pinned key over exactly these fields */
  | 'signature'
  /** salt, URI and key do not open its subject: it belongs to another pseudonym */
  | 'subject';

export class SelectorRefused extends Error {
  override readonly name = 'SelectorRefused';

  constructor(
    readonly code: SelectorFault,
    /** place in a stream of frames, from 0 */
    readonly at?: number,
  ) {
    super(at === undefined ? `selector refused: ${code}` : `selector ${at} refused: ${code}`);
  }
}
