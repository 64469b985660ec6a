/** The generation as the secrets folder remembers it: behind the barrier, so that only an unsealed key holder writes it. */
import { z } from 'zod';
import { bytesOf, toBase64Url, utf8 } from '#contracts';
import type { SealedFolder } from '../sealing/sealed-folder.js';
import type { FolderMarks, GenerationMark } from './generation-rules.js';

const fileName = 'generation';
const mark = z.strictObject({ number: z.int().positive(), id: bytesOf(16) });
const marks = z.strictObject({ current: mark.optional(), next: mark.optional() });
const textOf = (of: GenerationMark | undefined) => of && { number: of.number, id: toBase64Url(of.id) };

/** @throws BarrierRefused or ZodError: it is damaged */
export async function readMarks(folder: SealedFolder): Promise<FolderMarks> {
  const bytes = await folder.read(fileName);
  return bytes ? marks.parse(JSON.parse(Buffer.from(bytes).toString('utf8'))) : {};
}

export const writeMarks = (folder: SealedFolder, { current, next }: FolderMarks): Promise<void> =>
  folder.replace(fileName, utf8(JSON.stringify({ current: textOf(current), next: textOf(next) })));
