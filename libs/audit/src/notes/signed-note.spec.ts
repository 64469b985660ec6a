import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { signerOf } from '../log.fixture.js';
import { NoteVerifier, parseVkey, vkeyText } from './note-key.js';
import { cosign, openNote, signNote, verifyCosignature } from './signed-note.js';

const signer = signerOf('example.com/log');
const verifier = new NoteVerifier(signer.name, signer.key.publicKey);
const cosigner = signerOf('witness.example/w1');
const cosigned = new NoteVerifier(cosigner.name, cosigner.key.publicKey, 'cosignature');
const text = 'first line\n\nthird line, with an umlaut: ü\n';
const note = signNote(text, signer);

describe('signed notes', () => {
  it('give back the text and who has signed', () => {
    const { text: opened, signatures } = openNote(note + cosign(text, cosigner, 1_679_315_147), [verifier, cosigned]);
    expect(opened).toBe(text);
    expect(signatures.map(({ verifier: by, seconds }) => [by.name, seconds])).toEqual([
      [signer.name, undefined],
      [cosigner.name, 1_679_315_147],
    ]);
    expect(note + signatures[1]?.line).toBe(note + cosign(text, cosigner, 1_679_315_147));
  });

  it('are refused when any character is another', () => {
    fc.assert(
      fc.property(fc.nat(note.length - 1), fc.integer({ min: 0, max: 0x2fff }), (at, code) => {
        const changed = note.slice(0, at) + String.fromCharCode(code) + note.slice(at + 1);
        if (changed === note) return;
        expect(() => openNote(changed, [verifier])).toThrow(/^refused: (malformed|signature|unsigned)$/);
      }),
      { numRuns: 300 },
    );
  });

  it('are refused when cut short or lengthened', () => {
    for (const changed of [note.slice(0, -1), note.slice(1), `${note}\n`, `${note}x\n`, text, '', '\n\n', `${text}\n`]) {
      expect(() => openNote(changed, [verifier])).toThrow('refused');
    }
  });

  it('ignore keys that nobody here knows, even under a known name', () => {
    const stranger = signerOf(signer.name);
    const both = signNote(text, stranger, signer);
    expect(openNote(both, [verifier]).signatures).toHaveLength(1);
    expect(() => openNote(signNote(text, stranger), [verifier])).toThrow('refused: unsigned');
    expect(() => openNote(note, [])).toThrow('refused: unsigned');
  });

  it('are refused as a whole when a known key did not sign its line', () => {
    const other = signNote('another text\n', signer).split('\n\n')[1] as string;
    expect(() => openNote(signNote(text, signerOf('a'), signer) + other, [verifier])).toThrow('refused: signature');
  });

  it('take sixteen signatures and more, and not a flood', () => {
    const strangers = Array.from({ length: 20 }, (_, i) => signerOf(`s${i}`));
    expect(openNote(signNote(text, ...strangers, signer), [verifier]).signatures).toHaveLength(1);
    const line = note.split('\n\n').at(-1) as string;
    expect(() => openNote(note + line.repeat(100), [verifier])).toThrow('refused: malformed');
    expect(() => openNote(`${'x'.repeat(300_000)}\n\n${line}`, [verifier])).toThrow('refused: malformed');
  });

  it('hold neither control characters nor half characters', () => {
    for (const wrong of ['a\tb\n', 'a\u0000\n', '\ud800\n', 'no newline'])
      expect(() => signNote(wrong, signer)).toThrow(RangeError);
    expect(() => openNote(note.replace('first', 'fi\rst'), [verifier])).toThrow('refused: malformed');
  });
});

describe('cosignatures', () => {
  const line = cosign(text, cosigner, 1_679_315_147);

  it('say when they were made', () => {
    expect(verifyCosignature(text, line, cosigned)).toBe(1_679_315_147);
  });

  it('are for one text, one time, one key and one kind', () => {
    expect(() => verifyCosignature(`${text}x\n`, line, cosigned)).toThrow('refused: signature');
    const other = signerOf(cosigner.name);
    expect(() => verifyCosignature(text, cosign(text, other, 1), cosigned)).toThrow('refused: unsigned');
    expect(() => verifyCosignature(text, note.split('\n\n').at(-1) as string, verifier)).toThrow('refused: unsigned');
    const [, , encoded = ''] = line.trim().split(' ');
    const bytes = Buffer.from(encoded, 'base64');
    bytes[11]! ^= 1;
    const later = `\u2014 ${cosigner.name} ${bytes.toString('base64')}\n`;
    expect(() => verifyCosignature(text, later, cosigned)).toThrow('refused: signature');
  });
});

describe('keys of notes', () => {
  it('come back from one line as the same key and kind', () => {
    for (const key of [verifier, cosigned]) {
      const read = parseVkey(vkeyText(key));
      expect([read.name, read.id, read.kind]).toEqual([key.name, key.id, key.kind]);
      expect(read.publicKey).toEqual(key.publicKey);
    }
    expect(new NoteVerifier(signer.name, signer.key.publicKey, 'cosignature').id).not.toBe(verifier.id);
  });

  it('are refused when the id is not theirs, and when we cannot verify the kind', () => {
    const line = vkeyText(verifier);
    const id = verifier.id.startsWith('0') ? `1${verifier.id.slice(1)}` : `0${verifier.id.slice(1)}`;
    const ecdsa = Buffer.concat([Buffer.of(2), signer.key.publicKey]).toString('base64');
    for (const wrong of [line.replace(verifier.id, id), line.slice(0, -1), `x+${verifier.id}+${ecdsa}`, 'x', '', `a b${line}`]) {
      expect(() => parseVkey(wrong)).toThrow('refused: malformed');
    }
    expect(() => new NoteVerifier('with blank', signer.key.publicKey)).toThrow(RangeError);
    expect(() => new NoteVerifier('a+b', signer.key.publicKey)).toThrow(RangeError);
    expect(() => new NoteVerifier('a', new Uint8Array(31))).toThrow(RangeError);
  });
});
