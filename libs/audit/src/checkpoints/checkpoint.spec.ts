import { verify, createPublicKey } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { checkpointOf, leavesOf, logSigner, treeOf, trust, witnessSigners } from '../log.fixture.js';
import { NoteVerifier } from '../notes/note-key.js';
import { cosign, signNote } from '../notes/signed-note.js';
import { checkpointText, openCheckpoint, parseCheckpoint } from './checkpoint.js';

const leaves = leavesOf(5);
const root = treeOf(leaves).root();
const text = checkpointText({ origin: logSigner.name, size: 5, root });

describe('checkpoints', () => {
  it('have three lines and come back', () => {
    expect(text).toBe(`nymtally/audit/test\n5\n${Buffer.from(root).toString('base64')}\n`);
    expect(parseCheckpoint(text)).toEqual({ origin: 'nymtally/audit/test', size: 5, root });
    expect(parseCheckpoint(`${text}an extension\n`).size).toBe(5);
  });

  it('are refused with anything else in them', () => {
    const encoded = Buffer.from(root).toString('base64');
    const wrong = [`\n5\n${encoded}\n`, `o\n05\n${encoded}\n`, `o\n-1\n${encoded}\n`, `o\n5 \n${encoded}\n`, `o\n5\n${encoded}`];
    const others = [`o\n99999999999999999\n${encoded}\n`, `o\n5\n${encoded.slice(4)}\n`, `o\n5\n${encoded.replace('=', '')}\n`];
    for (const other of [...wrong, ...others, `${text}\n`, `${text}\nx\n`, 'o\n5\n', '']) {
      expect(() => parseCheckpoint(other)).toThrow('refused: malformed');
    }
    expect(() => checkpointText({ origin: 'a\nb', size: 1, root })).toThrow(RangeError);
    expect(() => checkpointText({ origin: 'a', size: -1, root })).toThrow(RangeError);
  });

  it('are opened when log and enough witnesses have signed', () => {
    const opened = openCheckpoint(checkpointOf(leaves), trust);
    expect(opened).toMatchObject({ text, checkpoint: { size: 5 } });
    expect(opened.cosignatures).toEqual([
      { witness: 'witness.example/1', seconds: 1_700_000_000 },
      { witness: 'witness.example/2', seconds: 1_700_000_001 },
    ]);
    expect(() => openCheckpoint(checkpointOf(leaves, witnessSigners.slice(1)), trust)).toThrow('refused: unwitnessed');
    expect(openCheckpoint(checkpointOf(leaves, []), { ...trust, needed: 0 }).cosignatures).toEqual([]);
  });

  it('count a witness once, whatever it is called, and the log never', () => {
    const [one] = witnessSigners;
    const alias = { ...one!, name: 'alias' };
    const names = [one!, alias].map(({ name, key }) => new NoteVerifier(name, key.publicKey, 'cosignature'));
    const twice = checkpointOf(leaves, [one!, one!, alias]);
    expect(() => openCheckpoint(twice, { ...trust, witnesses: names })).toThrow('refused: unwitnessed');
    const self = new NoteVerifier(logSigner.name, logSigner.key.publicKey, 'cosignature');
    expect(() => openCheckpoint(checkpointOf(leaves, [logSigner]), { log: trust.log, witnesses: [self], needed: 1 })).toThrow(
      'refused: unwitnessed',
    );
  });

  it('need the log itself, under its own name', () => {
    const onlyWitnesses = signNote(text) + witnessSigners.map((signer) => cosign(text, signer, 1)).join('');
    expect(() => openCheckpoint(onlyWitnesses, trust)).toThrow('refused: unsigned');
    expect(() => openCheckpoint(checkpointOf(leaves, witnessSigners, 'another log'), trust)).toThrow('refused: origin');
  });

  it('are cosigned over header, time and text, as tlog-cosignature says', () => {
    const [one] = witnessSigners;
    const bytes = Buffer.from(cosign(text, one!, 1_679_315_147).split(' ')[2] as string, 'base64');
    const key = createPublicKey({
      key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), one!.key.publicKey]),
      format: 'der',
      type: 'spki',
    });
    expect(bytes.readBigUInt64BE(4)).toBe(1_679_315_147n);
    expect(verify(null, Buffer.from(`cosignature/v1\ntime 1679315147\n${text}`), key, bytes.subarray(12))).toBe(true);
  });
});
