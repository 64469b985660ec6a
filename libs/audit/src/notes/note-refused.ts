/** Why a note, checkpoint or proof is turned away. Codes are ours and stable; no message holds a line of what was refused. */
export type NoteFault =
  /** not in the format, or larger than anybody needs */
  | 'malformed'
  /** a key that we know did not make the signature under its name */
  | 'signature'
  /** no key that we know has signed */
  | 'unsigned'
  /** of another log */
  | 'origin'
  /** too few of the witnesses that we know have cosigned */
  | 'unwitnessed'
  /** the leaf is not at this place in this tree */
  | 'not-included';

export class NoteRefused extends Error {
  override readonly name = 'NoteRefused';

  constructor(readonly code: NoteFault) {
    super(`refused: ${code}`);
  }
}
