/** Published notes of C2SP: signed-note.md (with its key) and tlog-checkpoint.md (whose key is not published, so it can only be read). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { NoteVerifier, openNote, parseCheckpoint, parseVkey, vkeyText } from '#audit';

interface PublishedNotes {
  readonly vkey: string;
  readonly note: string;
  readonly verified: boolean;
  readonly checkpoint_examples_unverifiable_without_key: Readonly<Record<string, string>>;
}

const file = new URL('./c2sp/signed-note-example.c2sp-5ba5ee8.json', import.meta.url);
const published = JSON.parse(readFileSync(file, 'utf8')) as PublishedNotes;
const checkpoints = Object.entries(published.checkpoint_examples_unverifiable_without_key);

describe('published signed notes', () => {
  it('reads the key and writes it back', () => {
    const verifier = parseVkey(published.vkey);
    expect(verifier).toMatchObject({ name: 'example.com/foo', id: '530d903a', kind: 'signature' });
    expect(vkeyText(verifier)).toBe(published.vkey);
  });

  it('opens the note under its key', () => {
    const { text, signatures } = openNote(published.note, [parseVkey(published.vkey)]);
    expect(published.verified).toBe(true);
    expect(text).toBe('This is an example message.\n');
    expect(signatures.map(({ verifier }) => verifier.name)).toEqual(['example.com/foo']);
  });

  it('refuses the note when one character is another', () => {
    const changed = published.note.replace('message', 'massage');
    expect(() => openNote(changed, [parseVkey(published.vkey)])).toThrow('refused: signature');
  });

  it.each(checkpoints)('reads the checkpoint of %s, which no key of ours has signed', (_name, note) => {
    expect(parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1))).toMatchObject({
      origin: 'example.com/behind-the-sofa',
      size: 20_852_163,
    });
    expect(() => openNote(note, [parseVkey(published.vkey)])).toThrow('refused: unsigned');
    // a key of the same name and another id says nothing about the line
    const other = new NoteVerifier('example.com/behind-the-sofa', new Uint8Array(32).fill(7));
    expect(() => openNote(note, [other])).toThrow('refused: unsigned');
    expect(checkpoints).toHaveLength(1);
  });
});
