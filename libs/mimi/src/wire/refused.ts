/** Why bytes of another are no structure of mimi-protocol-06. Our own words, never a value of the bytes. */
export type MimiFault =
  | 'truncated'
  | 'length-not-minimal'
  | 'length-invalid'
  | 'trailing-bytes'
  | 'not-utf8'
  | 'components-out-of-order'
  | 'too-many-messages'
  | 'too-many-components';

export class MimiRefused extends Error {
  override readonly name = 'MimiRefused';

  constructor(readonly fault: MimiFault) {
    super(`not a MIMI structure: ${fault}`);
  }
}
