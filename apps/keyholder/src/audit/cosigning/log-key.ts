/** The key under which the log signs its checkpoints: the root key, named as the log. */
import { NoteVerifier, type NoteSigner } from '#audit';

export const logVerifier = ({ name, key }: NoteSigner): NoteVerifier => new NoteVerifier(name, key.publicKey);
