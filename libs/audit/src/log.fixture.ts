/** A log with keys, for specs: leaves, checkpoints that its witnesses have cosigned, and whose word is taken. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { cosign, signNote } from './notes/signed-note.js';
import { NoteVerifier, type NoteSigner } from './notes/note-key.js';
import { checkpointText, type LogTrust } from './checkpoints/checkpoint.js';
import { leafBytes } from './entries/audit-leaf.js';
import { MerkleTree } from './trees/merkle-tree.js';

export function signerOf(name: string): NoteSigner {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    name,
    key: {
      publicKey: new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)),
      sign: (message) => new Uint8Array(sign(null, message, privateKey)),
    },
  };
}

export const logSigner = signerOf('nymtally/audit/test');
export const witnessSigners = [signerOf('witness.example/1'), signerOf('witness.example/2')];
export const trust: LogTrust = {
  log: new NoteVerifier(logSigner.name, logSigner.key.publicKey),
  witnesses: witnessSigners.map(({ name, key }) => new NoteVerifier(name, key.publicKey, 'cosignature')),
  needed: 2,
};

export const leavesOf = (count: number, type = 'act'): Uint8Array[] =>
  Array.from({ length: count }, (_, index) => leafBytes({ v: 1, index, day: 20_000, type, number: index * 7 }));

export function treeOf(leaves: readonly Uint8Array[]): MerkleTree {
  const tree = new MerkleTree();
  for (const leaf of leaves) tree.add(leaf);
  return tree;
}

/** Signed and cosigned by everybody. */
export function checkpointOf(leaves: readonly Uint8Array[], signers = witnessSigners, origin = logSigner.name): string {
  const text = checkpointText({ origin, size: leaves.length, root: treeOf(leaves).root() });
  return signNote(text, logSigner) + signers.map((signer, at) => cosign(text, signer, 1_700_000_000 + at)).join('');
}
